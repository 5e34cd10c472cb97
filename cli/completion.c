#include "cli/completion.h"

#include <stdio.h>
#include <string.h>

static void put_line(FILE *out, const char *line)
{
	fputs(line, out);
	putc('\n', out);
}

/* Print the help of an option within single quotes: on one line, and with a backslash before each
 * of the characters in `special`. */
static void put_help(FILE *out, const char *help, const char *special)
{
	for (; *help; help++) {
		if (*help == '\'')
			fputs("'\\'", out);
		else if (strchr(special, *help))
			putc('\\', out);
		putc(*help == '\n' ? ' ' : *help, out);
	}
}

/* --- bash ------------------------------------------------------------------------ */

/* Set the variable of the words that are offered. */
static void put_bash_words(FILE *out, const struct completion *c)
{
	fprintf(out, "words='%s'\n", c->words);
	if (c->is_field)
		put_line(out, "\t\t[[ ${cur##*,} != */* ]] || words=$parts");
}

static void put_bash_action(FILE *out, const struct completion *c)
{
	static const char offer[] = "\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))";

	switch (c->kind) {
	case COMPLETE_NOTHING:
		put_line(out, "compopt +o default");
		break;
	case COMPLETE_WORDS:
		put_bash_words(out, c);
		put_line(out, offer);
		break;
	case COMPLETE_LIST:
		put_bash_words(out, c);
		put_line(out, "\t\t[[ $cur != *,* ]] || before=${cur%,*},");
		put_line(out, "\t\tcompopt -o nospace");
		put_line(out, "\t\tCOMPREPLY=($(compgen -P \"$before\" -W \"$words\" -- "
			      "\"${cur##*,}\"))");
		break;
	case COMPLETE_PREFIX:
		put_bash_words(out, c);
		put_line(out, "\t\tcompopt -o nospace");
		put_line(out, offer);
		break;
	case COMPLETE_FILES:
		put_line(out, ":");
		break;
	case COMPLETE_FOLDERS:
		put_line(out, "compopt -o filenames");
		put_line(out, "\t\tCOMPREPLY=($(compgen -d -- \"$cur\"))");
		break;
	}
}

/* The script has to handle "--name=x", which bash splits into three words: "--name", "=" and "x".
 * Because of -o default, bash completes file names if _wf() finds nothing. */
static void print_bash(FILE *out, const struct completion *all, size_t n, const char *parts)
{
	put_line(out,
		"# bash completion of wf, made by wf --completion bash\n"
		"_wf() {\n"
		"\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} before= "
		"words= IFS=$' \\t\\n'");
	fprintf(out, "\tlocal parts='%s'\n", parts);
	put_line(out, "\tCOMPREPLY=()\n"
		      "\tif [[ $cur == = ]]; then\n"
		      "\t\tcur=\n"
		      "\telif [[ $prev == = ]]; then\n"
		      "\t\tprev=${COMP_WORDS[COMP_CWORD-2]}\n"
		      "\tfi\n"
		      "\tcase $prev in");
	for (size_t i = 0; i < n; i++) {
		if (!all[i].arg)
			continue;
		putc('\t', out);
		if (all[i].letter)
			fprintf(out, "-%c|", all[i].letter);
		fprintf(out, "--%s)\n\t\t", all[i].name);
		put_bash_action(out, &all[i]);
		put_line(out, "\t\treturn ;;");
	}
	fputs("\tesac\n"
	      "\t[[ $cur != -* ]] || COMPREPLY=($(compgen -W '",
		out);
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%s--%s", i ? " " : "", all[i].name);
	put_line(out, "' -- \"$cur\"))\n"
		      "}\n"
		      "complete -o default -F _wf wf");
}

/* --- zsh ------------------------------------------------------------------------- */

/* Offer fields, or after a slash FIELD/WHAT.  The suffix follows what the user chooses. */
static void put_zsh_fields(FILE *out, const struct completion *c, const char *suffix)
{
	fprintf(out,
		"{%sif [[ $PREFIX == */* ]]; then compadd %s-- $wf_parts; else compadd %s-- %s; "
		"fi}",
		c->kind == COMPLETE_LIST ? "compset -P \"*,\"; " : "", suffix, suffix, c->words);
}

static void put_zsh_action(FILE *out, const struct completion *c)
{
	fprintf(out, ":%s:", c->arg);
	switch (c->kind) {
	case COMPLETE_NOTHING:
		putc(' ', out);
		break;
	case COMPLETE_WORDS:
		if (c->is_field)
			put_zsh_fields(out, c, "");
		else
			fprintf(out, "(%s)", c->words);
		break;
	case COMPLETE_LIST:
	case COMPLETE_PREFIX:
		put_zsh_fields(out, c, "-S \"\" ");
		break;
	case COMPLETE_FILES:
		fputs("_files", out);
		break;
	case COMPLETE_FOLDERS:
		fputs("_files -/", out);
		break;
	}
}

/* In the script, '*' allows every option to be repeated.  If an option may be given only once, wf
 * itself rejects the second one. */
static void print_zsh(FILE *out, const struct completion *all, size_t n, const char *parts)
{
	fprintf(out,
		"#compdef wf\n"
		"# zsh completion of wf, made by wf --completion zsh\n"
		"local -a wf_parts=(%s)\n"
		"_arguments -s -S \\\n",
		parts);
	for (size_t i = 0; i < n; i++) {
		const struct completion *c = &all[i];
		fputs("\t'*'", out);
		if (c->letter)
			fprintf(out, "{-%c%s,--%s%s}", c->letter, c->arg ? "+" : "", c->name,
				c->arg ? "=" : "");
		else
			fprintf(out, "--%s%s", c->name, c->arg ? "=" : "");
		fputs("'[", out);
		put_help(out, c->help, "[]\\");
		putc(']', out);
		if (c->arg)
			put_zsh_action(out, c);
		put_line(out, "' \\");
	}
	put_line(out, "\t'*:FILE:_files'");
}

/* --- fish ------------------------------------------------------------------------ */

static void put_fish_action(FILE *out, const struct completion *c)
{
	switch (c->kind) {
	case COMPLETE_NOTHING:
		fputs(" -x", out);
		break;
	case COMPLETE_WORDS:
	case COMPLETE_PREFIX:
		fprintf(out, c->is_field ? " -x -a '(__wf_fields %s)'" : " -x -a '%s'", c->words);
		break;
	case COMPLETE_LIST:
		fprintf(out, " -x -a '(__fish_complete_list , \"__wf_fields %s\")'", c->words);
		break;
	case COMPLETE_FILES:
		fputs(" -r -F", out);
		break;
	case COMPLETE_FOLDERS:
		fputs(" -x -a '(__fish_complete_directories)'", out);
		break;
	}
}

static void print_fish(FILE *out, const struct completion *all, size_t n, const char *parts)
{
	fprintf(out,
		"# fish completion of wf, made by wf --completion fish\n"
		"function __wf_fields\n"
		"\tif string match -q \"*/*\" -- (commandline -ct | string split ,)[-1]\n"
		"\t\tprintf \"%%s\\n\" %s\n"
		"\telse\n"
		"\t\tprintf \"%%s\\n\" $argv\n"
		"\tend\n"
		"end\n",
		parts);
	for (size_t i = 0; i < n; i++) {
		fputs("complete -c wf", out);
		if (all[i].letter)
			fprintf(out, " -s %c", all[i].letter);
		fprintf(out, " -l %s", all[i].name);
		if (all[i].arg)
			put_fish_action(out, &all[i]);
		fputs(" -d '", out);
		put_help(out, all[i].help, "\\");
		put_line(out, "'");
	}
}

/* --- All ------------------------------------------------------------------------- */

const char *const completion_shells[] = {"bash", "zsh", "fish", NULL};

void completion_print(
	FILE *out, const char *shell, const struct completion *all, size_t n, const char *parts)
{
	static void (*const print[])(FILE *, const struct completion *, size_t, const char *) = {
		print_bash, print_zsh, print_fish};

	for (size_t i = 0; completion_shells[i]; i++)
		if (strcmp(completion_shells[i], shell) == 0)
			print[i](out, all, n, parts);
}
