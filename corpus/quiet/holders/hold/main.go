// Hold keeps the lines of a file, with packages and rows as an application has them.
// Arguments: FEED READY
package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"strings"
	"time"
)

func main() {
	data, err := os.ReadFile(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	lines := strings.Split(string(data), "\n")
	rows := map[string]any{}
	for i := range 50000 {
		rows[fmt.Sprint("user", i)] = []any{i, float64(i) / 7, fmt.Sprintf("u%d@example.org", i)}
	}
	packed, _ := json.Marshal(rows)
	server := &http.Server{}
	if err := os.WriteFile(os.Args[2], nil, 0o600); err != nil {
		os.Exit(1)
	}
	time.Sleep(time.Hour)
	runtime.KeepAlive([]any{data, lines, rows, packed, server})
}
