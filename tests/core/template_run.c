/* SPDX-License-Identifier: ISC */
/* links: base template */
/* Go's templates: what each construct renders, and Go's words for mistakes. */
#include "base/json.h"
#include "template/template.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char data[] =
        "{\"Name\":\"web\",\"Empty\":\"\",\"N\":42,\"Zero\":0,\"F\":1.5,"
        "\"Yes\":true,\"No\":false,\"Null\":null,"
        "\"List\":[\"a\",\"b\",\"c\"],\"None\":[],\"Nums\":[3,1,2],"
        "\"Map\":{\"z\":1,\"a\":{\"b\":[1,\"x\",null,true]}},"
        "\"State\":{\"Status\":\"running\",\"Pid\":7},"
        "\"Esc\":\"<&\\\"'>\\n\\u001b\",\"Utf\":\"gr\xc3\xbc\xc3\x9f\","
        "\"Big\":1000000.0,\"Rows\":[{\"k\":\"x\"},{\"k\":\"y\"}]}";

/* Runs a template over the data; what it prints, or the error. */
static char *
render(const char *text, enum template_mode mode, struct arena *a)
{
	AUTO(buf) struct buf out = { 0 };
	const struct template_tree *t;
	struct value *v;
	struct err e = { 0 };

	buf_text(&out, "");
	if (json_read_value(BUF_OF(data, strlen(data)), &v, a, &e) < 0 ||
	    template_parse(a, text, &t, &e) < 0 ||
	    template_run(t, v, mode, &out, &e) < 0)
		return arena_text(a, e.text);
	return arena_text(a, out.data);
}

struct pair_of {
	const char *text, *says;
};

static void
compare(const struct pair_of *rows, size_t n, enum template_mode mode)
{
	for (size_t i = 0; i < n; i++) {
		AUTO(arena) struct arena a = { 0 };
		const char *got = render(rows[i].text, mode, &a);

		if (strcmp(got, rows[i].says) != 0)
			fail_msg("%s\n gives   %s\n and not %s", rows[i].text,
			         got, rows[i].says);
	}
}

#define COMPARE(rows, mode) \
	compare(rows, sizeof(rows) / sizeof(*(rows)), mode)

static const struct pair_of values[] = {
	{ "", "" },
	{ "plain { text }}", "plain { text }}" },
	{ "{{.Name}}", "web" },
	{ "a{{.Name}}b", "awebb" },
	{ "{{ .Name }}", "web" },
	{ "{{\t.Name\n}}", "web" },
	{ "{{.N}} {{.Zero}} {{.F}} {{.Yes}} {{.No}}", "42 0 1.5 true false" },
	{ "{{.Big}}", "1e+06" },
	{ "{{.State.Status}}", "running" },
	{ "{{.State.Pid}}", "7" },
	{ "{{.List}}", "[a b c]" },
	{ "{{.None}}", "[]" },
	{ "{{.State}}", "map[Pid:7 Status:running]" },
	{ "{{.Map}}", "map[a:map[b:[1 x <nil> true]] z:1]" },
	{ "{{.Null}}", "<no value>" },
	{ "{{.Missing}}", "<no value>" },
	{ "{{.Missing.More}}", "<no value>" },
	{ "{{$.Name}}", "web" },
	{ "{{(.State).Status}}", "running" },
	{ "{{(index .Rows 1).k}}", "y" },
	{ "{{\"a\\tb\\\"\\u00e4\\x41\\101\"}}", "a\tb\"\xc3\xa4" "AA" },
	{ "{{`raw \\n \"x\"`}}", "raw \\n \"x\"" },
	{ "{{'a'}} {{'\\n'}} {{'\xc3\xa4'}}", "97 10 228" },
	{ "{{1}} {{-2}} {{+3}} {{0x1f}} {{0b101}} {{0o17}} {{017}}",
	  "1 -2 3 31 5 15 15" },
	{ "{{1_000}} {{1.5}} {{1e3}} {{.5}} {{1e21}}", "1000 1.5 1000 0.5 1e+21" },
	{ "{{true}} {{false}}", "true false" },
	{ "{{/* a comment */}}x", "x" },
	{ "a {{- /* a */ -}} b", "ab" },
	{ "a {{- \"x\" -}} b", "axb" },
	{ "a {{- .Name }} b", "aweb b" },
	{ "a {{.Name -}}  \n b", "a webb" },
	{ "{{-1}}", "-1" },
	{ "{{3 -}} x", "3x" },
};

static void
test_values(void **state)
{
	COMPARE(values, TEMPLATE_LOOSE);
}

static const struct pair_of control[] = {
	{ "{{if .Yes}}a{{end}}", "a" },
	{ "{{if .No}}a{{end}}", "" },
	{ "{{if .No}}a{{else}}b{{end}}", "b" },
	{ "{{if .No}}a{{else if .Yes}}b{{else}}c{{end}}", "b" },
	{ "{{if .No}}a{{else if .No}}b{{else}}c{{end}}", "c" },
	{ "{{if .Zero}}a{{else}}b{{end}}{{if .Empty}}a{{else}}b{{end}}", "bb" },
	{ "{{if .None}}a{{else}}b{{end}}{{if .Null}}a{{else}}b{{end}}", "bb" },
	{ "{{if .Missing}}a{{else}}b{{end}}{{if .List}}a{{else}}b{{end}}", "ba" },
	{ "{{with .State}}{{.Status}}{{end}}", "running" },
	{ "{{with .Null}}a{{else}}{{.Name}}{{end}}", "web" },
	{ "{{with .Null}}a{{else with .State}}{{.Pid}}{{end}}", "7" },
	{ "{{with $x := .State}}{{$x.Pid}}{{.Pid}}{{$.Name}}{{end}}", "77web" },
	{ "{{range .List}}<{{.}}>{{end}}", "<a><b><c>" },
	{ "{{define \"x\"}}<{{.}}>{{end}}{{range .List}}{{template \"x\" .}}"
	  "{{end}}", "<a><b><c>" },
	{ "{{template \"x\" .State}}{{define \"x\"}}{{.Pid}}{{$.Status}}{{end}}",
	  "7running" },
	{ "{{block \"x\" .Name}}[{{.}}]{{end}}{{template \"x\" 5}}", "[web][5]" },
	{ "{{define \"x\"}}{{$y := 2}}{{$y}}{{end}}{{$y := 1}}{{template \"x\"}}"
	  "{{$y}}", "21" },
	{ "{{range .None}}x{{else}}empty{{end}}", "empty" },
	{ "{{range .Null}}x{{else}}empty{{end}}", "empty" },
	{ "{{range $i, $x := .List}}{{$i}}{{$x}} {{end}}", "0a 1b 2c " },
	{ "{{range $x := .List}}{{$x}}{{end}}", "abc" },
	{ "{{range $k, $v := .State}}{{$k}}={{$v}};{{end}}", "Pid=7;Status=running;" },
	{ "{{range .Rows}}{{.k}}{{$.Name}}{{end}}", "xwebyweb" },
	{ "{{range 3}}{{.}}{{end}}", "012" },
	{ "{{range .List}}{{if eq . \"b\"}}{{break}}{{end}}{{.}}{{end}}", "a" },
	{ "{{range .List}}{{if eq . \"b\"}}{{continue}}{{end}}{{.}}{{end}}", "ac" },
	{ "{{range $i, $x := .List}}{{if $i}}, {{end}}{{$x}}{{end}}", "a, b, c" },
	{ "{{$x := 1}}{{$x}}{{$x = 2}}{{$x}}", "12" },
	{ "{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}", "2" },
	{ "{{$x := 1}}{{if true}}{{$x := 2}}{{$x}}{{end}}{{$x}}", "21" },
	{ "{{$x := \"\"}}{{range .List}}{{$x = print . $x}}{{end}}{{$x}}", "cba" },
	{ "{{$s := .State}}{{$s.Status}}", "running" },
	{ "{{range .List}}{{range $.Nums}}{{.}}{{end}};{{end}}", "312;312;312;" },
};

static void
test_control_structures(void **state)
{
	COMPARE(control, TEMPLATE_LOOSE);
}

static const struct pair_of functions[] = {
	{ "{{json .State}}", "{\"Pid\":7,\"Status\":\"running\"}" },
	{ "{{json .List}}{{json .Name}}{{json .Null}}{{json .Missing}}",
	  "[\"a\",\"b\",\"c\"]\"web\"nullnull" },
	{ "{{json .Big}}{{json .F}}{{json .Map}}",
	  "10000001.5{\"a\":{\"b\":[1,\"x\",null,true]},\"z\":1}" },
	{ "{{.State | json}}", "{\"Pid\":7,\"Status\":\"running\"}" },
	{ "{{join .List \"-\"}}", "a-b-c" },
	{ "{{join .None \"-\"}}", "" },
	{ "{{split \"a,b,c\" \",\"}}", "[a b c]" },
	{ "{{index (split \"a,b\" \",\") 1}}", "b" },
	{ "{{split \"ab\" \"\"}}{{split \"\" \",\"}}{{len (split \"\" \",\")}}", "[a b][]1" },
	{ "{{upper .Name}} {{lower \"ABC\"}} {{title \"hello big world\"}}",
	  "WEB abc Hello Big World" },
	{ "{{.Name | upper | lower | title}}", "Web" },
	{ "{{truncate .Name 2}} {{truncate .Name 5}} {{truncate .Name 0}}", "we web " },
	{ "[{{pad .Name 1 2}}] [{{pad \"\" 1 2}}]", "[ web  ] []" },
	{ "{{println .Name 1 2}}", "web 1 2\n" },
	{ "{{print 1 2 \"a\" \"b\" 3 4}}", "1 2ab3 4" },
	{ "{{print .Null}} {{print .List}}", "<nil> [a b c]" },
	{ "{{printf \"%s is %d\" .Name .N}}", "web is 42" },
	{ "{{printf \"%v|%5d|%-5d|%05d|%+d\" .Map.z 7 7 7 7}}", "1|    7|7    |00007|+7" },
	{ "{{printf \"%q %x %X %s\" \"a\\\"b\" \"hi\" \"hi\" .List}}",
	  "\"a\\\"b\" 6869 6869 [a b c]" },
	{ "{{printf \"%x %X %o %b %c %U %#x\" 255 255 8 5 65 65 255}}",
	  "ff FF 10 101 A U+0041 0xff" },
	{ "{{printf \"%10s|%-10s|%.2s\" .Name .Name .Name}}", "       web|web       |we" },
	{ "{{printf \"%5s|%.3q\" .Utf .Utf}}", " gr\xc3\xbc\xc3\x9f|\"gr\xc3\xbc\"" },
	{ "{{printf \"%t %v %T %T %T %T\" true false 1 \"\" .List 1.5}}",
	  "true false int string []interface {} float64" },
	{ "{{printf \"%.2f %e %g %6.1f|\" 1.5 1.5 1.5 2.25}}", "1.50 1.500000e+00 1.5    2.2|" },
	{ "{{printf \"%d\" \"hi\"}}", "%!d(string=hi)" },
	{ "{{printf \"%s\" 5}} {{printf \"%z\" 5}}", "%!s(int=5) %!z(int=5)" },
	{ "{{printf \"%d\"}} {{printf \"x\" 1 \"a\"}}", "%!d(MISSING) x%!(EXTRA int=1, string=a)" },
	{ "{{printf \"%\"}} {{printf \"100%%\"}}", "%!(NOVERB) 100%" },
	{ "{{printf \"%[2]d %[1]d\" 1 2}} {{printf \"%*d\" 4 7}}", "2 1    7" },
	{ "{{printf \"%v %s\" .Null .Null}}", "<nil> %!s(<nil>)" },
	{ "{{printf \"%q\" .List}} {{printf \"%d\" .Nums}}", "[\"a\" \"b\" \"c\"] [3 1 2]" },
	{ "{{printf \"%q\" .Esc}}", "\"<&\\\"'>\\n\\x1b\"" },
	{ "{{\"x\" | printf \"%s-%s\" .Name}}", "web-x" },
	{ "{{len .Name}} {{len .List}} {{len .Map}} {{len .Utf}}", "3 3 2 6" },
	{ "{{index .List 1}} {{index .State \"Pid\"}} {{index .Map \"a\" \"b\" 1}}", "b 7 x" },
	{ "{{index .State \"none\"}} {{index .Name 0}}", "<no value> 119" },
	{ "{{slice .Name 1}} {{slice .Name 1 2}} {{slice .List 1 3}} {{slice .List}}",
	  "eb e [b c] [a b c]" },
	{ "{{eq .Name \"web\"}} {{eq .N 42}} {{eq .N 1 2 42}} {{ne .N 42}}",
	  "true true true false" },
	{ "{{eq .Yes true}} {{eq .Null nil}} {{eq .F 1.5}}", "true true true" },
	{ "{{lt 1 2}} {{le 2 2}} {{gt 1 2}} {{ge 2 2}} {{lt \"a\" \"b\"}}",
	  "true true false true true" },
	{ "{{and .Yes .Name}} {{and .No .Name}} {{or .No .Name}} {{or .No .Zero}}",
	  "web false web 0" },
	{ "{{not .Yes}} {{not .Empty}}", "false true" },
	{ "{{or .Name (index .List 99)}}", "web" },
	{ "{{and .Empty (index .List 99)}}", "" },
	{ "{{if and .Yes (eq .Name \"web\") (gt .N 40)}}yes{{end}}", "yes" },
	{ "{{html .Esc}}", "&lt;&amp;&#34;&#39;&gt;\n\x1b" },
	{ "{{urlquery \"a b&c\"}}", "a+b%26c" },
	{ "{{\"a\" | len}} {{(.Name | len) | printf \"%03d\"}}", "1 003" },
	{ "{{.List | len | eq 3}}", "true" },
	{ "{{with $n := len .List}}{{$n}}{{end}}", "3" },
};

static void
test_functions(void **state)
{
	COMPARE(functions, TEMPLATE_LOOSE);
}

#define AT "template: :1:"

static const struct pair_of errors[] = {
	{ "{{", AT " unclosed action" },
	{ "{{.Name", AT " unclosed action" },
	{ "\n{{.Name", "template: :2: unclosed action" },
	{ "{{}}", AT " missing value for command" },
	{ "{{.Name}", AT " bad character U+007D '}'" },
	{ "{{if}}{{end}}", AT " missing value for if" },
	{ "{{if .Yes}}", AT " unexpected EOF" },
	{ "{{end}}", AT " unexpected {{end}}" },
	{ "{{else}}", AT " unexpected {{else}}" },
	{ "{{if .Yes}}{{else}}{{else}}{{end}}", AT " expected end; found {{else}}" },
	{ "{{foo}}", AT " function \"foo\" not defined" },
	{ "{{$x}}", AT " undefined variable \"$x\"" },
	{ "{{$x = 1}}", AT " undefined variable \"$x\"" },
	{ "{{if true}}{{$x := 1}}{{end}}{{$x}}", AT " undefined variable \"$x\"" },
	{ "{{\"abc}}", AT " unterminated quoted string" },
	{ "{{`abc}}", AT " unterminated raw quoted string" },
	{ "{{'a}}", AT " unterminated character constant" },
	{ "{{/* x}}", AT " unclosed comment" },
	{ "{{/* x */ .Name}}", AT " comment ends before closing delimiter" },
	{ "{{(.Name}}", AT " unclosed left paren" },
	{ "{{.Name)}}", AT " unexpected right paren" },
	{ "{{.Name | }}", AT " empty command" },
	{ "{{1 | 2}}", AT " non executable command in pipeline stage 2" },
	{ "{{nil}}", AT "2: executing \"\" at <nil>: nil is not a command" },
	{ "{{break}}", AT " {{break}} outside {{range}}" },
	{ "{{template \"x\"}}", AT "11: executing \"\" at <{{template"
	  " \"x\"}}>: template \"x\" not defined" },
	{ "{{define x}}{{end}}", AT " unexpected \"x\" in define clause" },
	{ "{{define \"x\"}}a{{end}}{{define \"x\"}}b{{end}}",
	  AT " template: multiple definition of template \"x\"" },
	{ "{{define \"x\"}}a{{else}}b{{end}}",
	  AT " unexpected {{else}} in define clause" },
	{ "{{define \"x\"}}a", AT " unexpected EOF" },
	{ "{{if .Yes}}{{define \"x\"}}{{end}}{{end}}",
	  AT " unexpected <define> in command" },
	{ "{{$y := 1}}{{define \"x\"}}{{$y}}{{end}}",
	  AT " undefined variable \"$y\"" },
	{ "{{range .List}}{{block \"x\" .}}{{break}}{{end}}{{end}}",
	  AT " {{break}} outside {{range}}" },
	{ "{{define \"x\"}}{{template \"x\"}}{{end}}{{template \"x\"}}",
	  AT "25: executing \"\" at <{{template \"x\"}}>: exceeded maximum"
	  " template depth (100)" },
	{ "{{1 2}}", AT "2: executing \"\" at <1>: can't give argument to non-function 1" },
	{ "{{.Name.Foo}}", AT "7: executing \"\" at <.Name.Foo>: can't evaluate field"
	                   " Foo in type string" },
	{ "{{.Null.Foo}}", AT "7: executing \"\" at <.Null.Foo>: nil pointer evaluating"
	                   " interface {}.Foo" },
	{ "{{index .List 5}}", AT "2: executing \"\" at <index .List 5>: error calling"
	                       " index: index out of range: 5" },
	{ "{{index .Name \"a\"}}", AT "2: executing \"\" at <index .Name \"a\">: error"
	                           " calling index: cannot index slice/array with type string" },
	{ "{{len 3}}", AT "2: executing \"\" at <len 3>: error calling len: len of type int" },
	{ "{{upper 3}}", AT "8: executing \"\" at <3>: expected string; found 3" },
	{ "{{upper .N}}", AT "8: executing \"\" at <.N>: wrong type for value; expected"
	                  " string; got int" },
	{ "{{upper}}", AT "2: executing \"\" at <upper>: wrong number of args for upper:"
	               " want 1 got 0" },
	{ "{{eq 1 \"a\"}}", AT "2: executing \"\" at <eq 1 \"a\">: error calling eq:"
	                    " incompatible types for comparison" },
	{ "{{range .Name}}{{end}}", AT "8: executing \"\" at <.Name>: range can't iterate"
	                            " over web" },
	{ "{{.Name \"x\"}}", AT "2: executing \"\" at <.Name>: Name has arguments but cannot"
	                     " be invoked as function" },
	{ "ab\ncd {{.Name.Foo}}", "template: :2:10: executing \"\" at <.Name.Foo>: can't"
	                          " evaluate field Foo in type string" },
	{ "{{truncate .Name -1}}", AT "2: executing \"\" at <truncate .Name -1>: error calling"
	                           " truncate: runtime error: slice bounds out of range [:-1]" },
	{ "{{99999999999999999999}}", AT " integer overflow: \"99999999999999999999\"" },
	{ "{{1i}}", AT " complex numbers are not supported" },
	{ "{{.Name | .Null.X}}", AT "15: executing \"\" at <.Null.X>: nil pointer evaluating"
	                         " interface {}.X" },
};

static void
test_mistakes_are_told_in_gos_words(void **state)
{
	COMPARE(errors, TEMPLATE_LOOSE);
}

static const struct pair_of strict[] = {
	{ "{{.Name}}", "web" },
	{ "{{.Foo}}", AT "2: executing \"\" at <.Foo>: map has no entry for key \"Foo\"" },
	{ "{{.State.Foo}}", AT "8: executing \"\" at <.State.Foo>: map has no entry for key"
	                    " \"Foo\"" },
};

static void
test_strictly_a_missing_key_is_an_error(void **state)
{
	COMPARE(strict, TEMPLATE_STRICT);
}

static const struct pair_of headings[] = {
	{ "{{.Name}}\t{{upper .Name}}\t{{truncate .Name 1}}\t{{json .Name}}",
	  "web\tweb\tweb\tweb" },
	{ "{{.Name \"com.docker.my-label\"}}", "my label" },
	{ "{{.Nothing}}", "<no value>" },
};

static void
test_headings_pass_through_functions(void **state)
{
	COMPARE(headings, TEMPLATE_HEADING);
}

static void
test_a_record_knows_its_fields(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(buf) struct buf out = { 0 };
	struct value *r = value_record(&a, "*formatter.ContainerContext");
	struct value *labels = value_map(&a);
	const struct template_tree *t;
	struct err e;

	labels->kind = VALUE_LOOKUP;
	value_set(&a, labels, "k", value_text(&a, "v"));
	value_set(&a, r, "Z", value_int(&a, 1));
	value_set(&a, r, "A", value_text(&a, "x"));
	value_set(&a, r, "Label", labels);
	assert_int_equal(template_parse(&a, "{{.}} {{json .}} {{.Label \"k\"}}"
	                                "{{.Label \"n\"}}", &t, &e), 0);
	assert_int_equal(template_run(t, r, TEMPLATE_LOOSE, &out, &e), 0);
	assert_string_equal(out.data, "{1 x} {\"Z\":1,\"A\":\"x\"} v");
	assert_int_equal(template_parse(&a, "{{.Foo}}", &t, &e), 0);
	assert_int_equal(template_run(t, r, TEMPLATE_LOOSE, &out, &e), -1);
	assert_string_equal(e.text, "template: :1:2: executing \"\" at <.Foo>: "
	                    "can't evaluate field Foo in type "
	                    "*formatter.ContainerContext");
}

static void
test_a_map_of_texts_has_empty_ones_for_all_others(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(buf) struct buf out = { 0 };
	struct value *map = value_map(&a);
	const struct template_tree *t;
	struct err e;

	map->texts = true;
	assert_int_equal(template_parse(&a, "[{{index . \"x\"}}{{.x}}]", &t,
	                                &e), 0);
	assert_int_equal(template_run(t, map, TEMPLATE_LOOSE, &out, &e), 0);
	assert_string_equal(out.data, "[<no value>]");
}

static void
test_a_template_tells_what_it_wants(void **state)
{
	static const struct {
		const char *text;
		bool wants;
	} rows[] = {
		{ "{{.Size}}", true },    { "{{.Name}} Size", false },
		{ "{{json .}}", true },   { "{{if .A}}{{.Size}}{{end}}", true },
		{ "{{upper (print .A.Size)}}", true },
		{ "{{range .A}}{{else}}{{$.Size}}{{end}}", true },
		{ "{{$x := .A}}{{$x}}", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		AUTO(arena) struct arena a = { 0 };
		const struct template_tree *t;
		struct err e;

		assert_int_equal(template_parse(&a, rows[i].text, &t, &e), 0);
		assert_int_equal(template_wants(t, "Size"), rows[i].wants);
	}
}

/* Deep nesting, doubling texts, endless turns: an error, and soon. */
static void
test_hostile_templates_end(void **state)
{
	static const char *const open[] = { "{{(", "{{if 1}}", "(",
	        "{{range 99999}}" };
	AUTO(arena) struct arena a = { 0 };
	AUTO(buf) struct buf text = { 0 };

	for (size_t i = 0; i < sizeof(open) / sizeof(*open); i++) {
		text.n = 0;
		buf_text(&text, *open[i] == '(' ? "{{" : "");
		for (int n = 0; n < 10000; n++)
			buf_text(&text, open[i]);
		assert_memory_equal(render(text.data, TEMPLATE_LOOSE, &a),
		                    "template: :1:", 13);
	}
	assert_non_null(strstr(render("{{$x := \"0123456789\"}}{{range 60}}"
	                              "{{$x = print $x $x}}{{end}}",
	                              TEMPLATE_LOOSE, &a), "too much text"));
	assert_non_null(strstr(render("{{range 99999999}}{{range 9999999}}"
	                              "{{end}}{{end}}", TEMPLATE_LOOSE, &a),
	                       "too many steps"));
	assert_non_null(strstr(render("{{pad \"x\" 999999999 1}}",
	                              TEMPLATE_LOOSE, &a), "too much text"));
	/* each calls the one before twice: 2^60 calls of nothing */
	text.n = 0;
	buf_text(&text, "{{define \"t0\"}}{{end}}");
	for (int n = 1; n < 60; n++)
		buf_format(&text, "{{define \"t%d\"}}{{template \"t%d\"}}"
		           "{{template \"t%d\"}}{{end}}", n, n - 1, n - 1);
	buf_text(&text, "{{template \"t59\"}}");
	assert_non_null(strstr(render(text.data, TEMPLATE_LOOSE, &a),
	                       "too many steps"));
	assert_non_null(strstr(render("{{define \"a\"}}{{block \"a\" .}}x"
	                              "{{end}}{{end}}", TEMPLATE_LOOSE, &a),
	                       "multiple definition"));
	assert_non_null(strstr(render("{{range 9999999}}{{printf \"%1000d\" 1}}"
	                              "{{end}}", TEMPLATE_LOOSE, &a),
	                       "too much"));
}

/* Every prefix of every template above, and each byte changed: no crash. */
static void
mutate(const struct pair_of *rows, size_t n)
{
	static const char bytes[] = "{}|.$(\"'`-/\\% \n\xff";

	for (size_t i = 0; i < n; i++) {
		size_t length = strlen(rows[i].text);
		char text[200];

		for (size_t at = 0; at < length; at++) {
			AUTO(arena) struct arena a = { 0 };

			strlcpy(text, rows[i].text, sizeof(text));
			text[at] = bytes[(at + i) % (sizeof(bytes) - 1)];
			render(text, TEMPLATE_LOOSE, &a);
			text[at] = '\0';
			render(text, TEMPLATE_STRICT, &a);
		}
	}
}

static void
test_garbage_does_no_harm(void **state)
{
	mutate(values, sizeof(values) / sizeof(*values));
	mutate(control, sizeof(control) / sizeof(*control));
	mutate(functions, sizeof(functions) / sizeof(*functions));
	mutate(errors, sizeof(errors) / sizeof(*errors));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_control_structures),
		cmocka_unit_test(test_functions),
		cmocka_unit_test(test_mistakes_are_told_in_gos_words),
		cmocka_unit_test(test_strictly_a_missing_key_is_an_error),
		cmocka_unit_test(test_headings_pass_through_functions),
		cmocka_unit_test(test_a_record_knows_its_fields),
		cmocka_unit_test(test_a_map_of_texts_has_empty_ones_for_all_others),
		cmocka_unit_test(test_a_template_tells_what_it_wants),
		cmocka_unit_test(test_hostile_templates_end),
		cmocka_unit_test(test_garbage_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
