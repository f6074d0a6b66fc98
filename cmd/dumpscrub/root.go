package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

const exitHelp = `Exit codes: 0 done, or nothing found; 1 error; 2 usage; 3 secrets found (scan,
gate) or left (verification); 4 not fully inspectable (unknown, encrypted,
unsupported, a container that ends too early); 5 the input changed while it was
read; 6 receipt missing, invalid or for other bytes; 130 interrupted.`

// helpWidth is where lines about flags are broken, in characters.
const helpWidth = 100

func newRootCommand(e *env) *cobra.Command {
	root := &cobra.Command{
		Use:   "dumpscrub",
		Short: "Take the secrets out of crash dumps",
		Long: `dumpscrub reads a crash dump (an ELF core, a Windows, Breakpad or Crashpad
minidump, raw memory), finds private keys and other secrets in it, and writes a
copy without them that still debugs. The copy is read back and attacked before
it gets a name, and a receipt binds the verdict to its bytes.

` + exitHelp,
		Version:           version,
		SilenceUsage:      true,
		SilenceErrors:     true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				// Not quoted: it may be a value that was pasted here by mistake.
				return usageError{"there is no such command", "see dumpscrub --help"}
			}
			return usageError{"name a command", "see dumpscrub --help"}
		},
		Args:              cobra.ArbitraryArgs,
		PersistentPreRunE: checkValues,
	}
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages", fmt.Sprintf(".FlagUsagesWrapped %d", helpWidth)))
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return usageError{err.Error(), "see dumpscrub --help"}
	})
	root.AddCommand(
		newScrubCommand(e),
		newScanCommand(e),
		newGateCommand(e),
		newInspectCommand(e),
		newAllowCommand(e),
		newDetectorsCommand(e),
		newHandlerCommand(e),
	)
	root.SetHelpCommand(newHelpCommand(root))
	root.InitDefaultCompletionCmd()
	if shells, _, err := root.Find([]string{"completion"}); err == nil {
		shells.Args = cobra.ArbitraryArgs
		shells.RunE = func(*cobra.Command, []string) error {
			return usageError{"name a shell: bash, zsh, fish or powershell", "see dumpscrub completion --help"}
		}
	}
	return root
}

// newHelpCommand is the help of cobra, which shows that of the program for a command that there is not.
func newHelpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Say how a command is used",
		RunE: func(_ *cobra.Command, as []string) error {
			cmd, rest, err := root.Find(as)
			if err != nil || len(rest) > 0 {
				return usageError{"there is no such command", "see dumpscrub --help"}
			}
			return cmd.Help()
		},
		ValidArgsFunction: func(_ *cobra.Command, as []string, begin string) ([]string, cobra.ShellCompDirective) {
			var names []string
			if cmd, _, err := root.Find(as); err == nil {
				for _, c := range cmd.Commands() {
					if c.IsAvailableCommand() && strings.HasPrefix(c.Name(), begin) {
						names = append(names, c.Name())
					}
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
}

// words has shells complete a flag with all, and with names of files where those may follow it too.
func words(cmd *cobra.Command, flag string, files bool, all ...string) {
	directive := cobra.ShellCompDirectiveNoFileComp
	if files {
		directive = cobra.ShellCompDirectiveDefault
	}
	if err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(all, directive)); err != nil {
		panic("internal error: a flag is completed that there is not, or twice")
	}
}

// args turns a cobra check of arguments into a usage error.
func args(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, as []string) error {
		if err := check(cmd, as); err != nil {
			return usageError{err.Error(), "see dumpscrub " + cmd.Name() + " --help"}
		}
		return nil
	}
}
