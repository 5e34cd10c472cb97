#include "cli/completion.h"

#include <stdio.h>
#include <string.h>

/* Print the help of an option within single quotes: on one line, and with a backslash before each
 * of the characters in `special`. */
static void put_help(const char *help, const char *special)
{
	for (; *help; help++) {
		if (*help == '\'')
			fputs("'\\'", stdout);
		else if (strchr(special, *help))
			putchar('\\');
		putchar(*help == '\n' ? ' ' : *help);
	}
}

/* --- bash ------------------------------------------------------------------------ */

static void put_bash_action(const struct completion *c)
{
	switch (c->kind) {
	case COMPLETE_NOTHING:
		puts("compopt +o default");
		break;
	case COMPLETE_WORDS:
		printf("COMPREPLY=($(compgen -W '%s' -- \"$cur\"))\n", c->words);
		break;
	case COMPLETE_LIST:
		puts("[[ $cur != *,* ]] || before=${cur%,*},");
		puts("\t\tcompopt -o nospace");
		printf("\t\tCOMPREPLY=($(compgen -P \"$before\" -W '%s' -- \"${cur##*,}\"))\n",
			c->words);
		break;
	case COMPLETE_PREFIX:
		puts("compopt -o nospace");
		printf("\t\tCOMPREPLY=($(compgen -W '%s' -- \"$cur\"))\n", c->words);
		break;
	case COMPLETE_FILES:
		puts(":");
		break;
	case COMPLETE_FOLDERS:
		puts("compopt -o filenames");
		puts("\t\tCOMPREPLY=($(compgen -d -- \"$cur\"))");
		break;
	}
}

/* The script has to handle "--name=x", which bash splits into three words: "--name", "=" and "x".
 * Because of -o default, bash completes file names if the function finds nothing. */
static void print_bash(const struct completion *all, size_t n)
{
	puts("# bash completion of wf, made by wf --completion bash\n"
	     "_wf() {\n"
	     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} before= "
	     "IFS=$' \\t\\n'\n"
	     "\tCOMPREPLY=()\n"
	     "\tif [[ $cur == = ]]; then\n"
	     "\t\tcur=\n"
	     "\telif [[ $prev == = ]]; then\n"
	     "\t\tprev=${COMP_WORDS[COMP_CWORD-2]}\n"
	     "\tfi\n"
	     "\tcase $prev in");
	for (size_t i = 0; i < n; i++) {
		if (!all[i].arg)
			continue;
		putchar('\t');
		if (all[i].letter)
			printf("-%c|", all[i].letter);
		printf("--%s)\n\t\t", all[i].name);
		put_bash_action(&all[i]);
		puts("\t\treturn ;;");
	}
	fputs("\tesac\n"
	      "\t[[ $cur != -* ]] || COMPREPLY=($(compgen -W '",
		stdout);
	for (size_t i = 0; i < n; i++)
		printf("%s--%s", i ? " " : "", all[i].name);
	puts("' -- \"$cur\"))\n"
	     "}\n"
	     "complete -o default -F _wf wf");
}

/* --- zsh ------------------------------------------------------------------------- */

static void put_zsh_action(const struct completion *c)
{
	printf(":%s:", c->arg);
	switch (c->kind) {
	case COMPLETE_NOTHING:
		putchar(' ');
		break;
	case COMPLETE_WORDS:
		printf("(%s)", c->words);
		break;
	case COMPLETE_LIST:
		printf("_values -s , %s %s", c->arg, c->words);
		break;
	case COMPLETE_PREFIX:
		printf("{compadd -S \"\" -- %s}", c->words);
		break;
	case COMPLETE_FILES:
		fputs("_files", stdout);
		break;
	case COMPLETE_FOLDERS:
		fputs("_files -/", stdout);
		break;
	}
}

/* In the script '*' allows every option to be repeated.  wf itself rejects options that must not
 * be. */
static void print_zsh(const struct completion *all, size_t n)
{
	puts("#compdef wf\n"
	     "# zsh completion of wf, made by wf --completion zsh\n"
	     "_arguments -s -S \\");
	for (size_t i = 0; i < n; i++) {
		const struct completion *c = &all[i];
		fputs("\t'*'", stdout);
		if (c->letter)
			printf("{-%c%s,--%s%s}", c->letter, c->arg ? "+" : "", c->name,
				c->arg ? "=" : "");
		else
			printf("--%s%s", c->name, c->arg ? "=" : "");
		fputs("'[", stdout);
		put_help(c->help, "[]\\");
		putchar(']');
		if (c->arg)
			put_zsh_action(c);
		puts("' \\");
	}
	puts("\t'*:FILE:_files'");
}

/* --- fish ------------------------------------------------------------------------ */

static void put_fish_action(const struct completion *c)
{
	switch (c->kind) {
	case COMPLETE_NOTHING:
		fputs(" -x", stdout);
		break;
	case COMPLETE_WORDS:
	case COMPLETE_PREFIX:
		printf(" -x -a '%s'", c->words);
		break;
	case COMPLETE_LIST:
		printf(" -x -a '(__fish_complete_list , \"printf %%s\\\\n %s\")'", c->words);
		break;
	case COMPLETE_FILES:
		fputs(" -r -F", stdout);
		break;
	case COMPLETE_FOLDERS:
		fputs(" -x -a '(__fish_complete_directories)'", stdout);
		break;
	}
}

static void print_fish(const struct completion *all, size_t n)
{
	puts("# fish completion of wf, made by wf --completion fish");
	for (size_t i = 0; i < n; i++) {
		fputs("complete -c wf", stdout);
		if (all[i].letter)
			printf(" -s %c", all[i].letter);
		printf(" -l %s", all[i].name);
		if (all[i].arg)
			put_fish_action(&all[i]);
		fputs(" -d '", stdout);
		put_help(all[i].help, "\\");
		puts("'");
	}
}

/* --- All ------------------------------------------------------------------------- */

const char *const completion_shells[] = {"bash", "zsh", "fish", NULL};

void completion_print(const char *shell, const struct completion *all, size_t n)
{
	static void (*const print[])(const struct completion *, size_t) = {
		print_bash, print_zsh, print_fish};

	for (size_t i = 0; completion_shells[i]; i++)
		if (strcmp(completion_shells[i], shell) == 0)
			print[i](all, n);
}
