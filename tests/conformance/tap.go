// SPDX-License-Identifier: ISC

// Package tap is what the OCI validation suite needs of a package that Debian
// does not have, github.com/mndrix/tap-go: it prints results in the Test
// Anything Protocol. build.sh puts it where that would be.
package tap

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// T counts the results of one program.
type T struct {
	TODO   bool
	Writer io.Writer
	count  *int
}

// New makes one that prints to the standard output.
func New() *T {
	return &T{Writer: os.Stdout, count: new(int)}
}

func (t *T) line(format string, a ...interface{}) {
	fmt.Fprintf(t.Writer, format+"\n", a...)
}

// Header begins the output; with no number of tests the plan comes at the end.
func (t *T) Header(tests int) {
	t.line("TAP version 13")
	if tests > 0 {
		t.line("1..%d", tests)
	}
}

// Ok is one result.
func (t *T) Ok(good bool, what string) {
	word, todo := "ok", ""
	if !good {
		word = "not ok"
	}
	if t.TODO {
		todo = " # TODO"
	}
	*t.count++
	t.line("%s %d%s - %s", word, *t.count, todo, what)
}

// Pass is a good result.
func (t *T) Pass(what string) { t.Ok(true, what) }

// Fail is a bad one.
func (t *T) Fail(what string) { t.Ok(false, what) }

// Skip is some that could not be had.
func (t *T) Skip(tests int, why string) {
	for ; tests > 0; tests-- {
		*t.count++
		t.line("ok %d # SKIP %s", *t.count, why)
	}
}

// Todo is the same, for results that are not expected to be good.
func (t *T) Todo() *T {
	todo := *t
	todo.TODO = true
	return &todo
}

// AutoPlan ends the output, where Header said no number.
func (t *T) AutoPlan() { t.line("1..%d", *t.count) }

// Count tells how many results there were.
func (t *T) Count() int { return *t.count }

// Diagnostic is a remark.
func (t *T) Diagnostic(text string) { t.line("# %s", text) }

// Diagnosticf is a remark by a format.
func (t *T) Diagnosticf(format string, a ...interface{}) {
	t.Diagnostic(fmt.Sprintf(format, a...))
}

// YAML is what belongs to the result before it, as JSON, which YAML contains.
func (t *T) YAML(value interface{}) error {
	text, err := json.MarshalIndent(value, "  ", "  ")
	if err == nil {
		t.line("  ---\n  %s\n  ...", text)
	}
	return err
}
