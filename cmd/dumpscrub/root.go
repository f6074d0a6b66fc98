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
	return root
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
