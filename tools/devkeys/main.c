/* devkeys: keys and tokens for development. Production has an issuer and a key store of its own. */
#include "tools/devkeys/keys.h"
#include "tools/devkeys/token.h"

#include <stdio.h>
#include <string.h>

static int usage(FILE *to, int code)
{
        fprintf(to, "devkeys: keys and tokens for development, never for production\n\n"
                    "  devkeys --dir DIR [--quiet]   make the keys that are missing in DIR\n"
                    "  devkeys print-pin --dir DIR --sealed TEXT   what the PIN printer prints\n");
        fputs(token_usage, to);
        return code;
}

static int keys_command(int argc, char **argv)
{
        const char *folder = NULL;
        bool quiet = false;
        for (int i = 1; i < argc; i++) {
                if (strcmp(argv[i], "--dir") == 0 && i + 1 < argc)
                        folder = argv[++i];
                else if (strncmp(argv[i], "--dir=", 6) == 0)
                        folder = argv[i] + 6;
                else if (strcmp(argv[i], "--quiet") == 0)
                        quiet = true;
                else
                        return usage(stderr, 2);
        }
        if (!folder || !*folder) return usage(stderr, 2);
        failure f = {0};
        if (keys_make(folder, quiet, &f)) return 0;
        fprintf(stderr, "devkeys: %s\n", f.message);
        return 1;
}

static int print_command(int argc, char **argv)
{
        const char *folder = NULL, *sealed = NULL;
        for (int i = 1; i + 1 < argc; i += 2) {
                if (strcmp(argv[i], "--dir") == 0) folder = argv[i + 1];
                if (strcmp(argv[i], "--sealed") == 0) sealed = argv[i + 1];
        }
        if (!folder || !sealed) return usage(stderr, 2);
        char pin[PIN_TEXT_BYTES];
        failure f = {0};
        if (!keys_open_pin(folder, sealed, pin, &f)) {
                fprintf(stderr, "devkeys: %s\n", f.message);
                return 1;
        }
        puts(pin);
        return 0;
}

int main(int argc, char **argv)
{
        for (int i = 1; i < argc; i++)
                if (strcmp(argv[i], "--help") == 0) return usage(stdout, 0);
        if (argc > 1 && strcmp(argv[1], "token") == 0) return token_command(argc - 1, argv + 1);
        if (argc > 1 && strcmp(argv[1], "print-pin") == 0) return print_command(argc - 1, argv + 1);
        return keys_command(argc, argv);
}
