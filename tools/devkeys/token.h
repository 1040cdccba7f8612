/* A development token from flags. */
#ifndef SSCARD_TOOLS_DEVKEYS_TOKEN_H
#define SSCARD_TOOLS_DEVKEYS_TOKEN_H

/* `argv[0]` is "token". Prints the token; returns the exit code: 0, 1 (no key), 2 (bad flags). */
int token_command(int argc, char **argv);

/* What `devkeys token --help` and `devkeys --help` say of it. */
extern const char token_usage[];

#endif
