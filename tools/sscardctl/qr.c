/* Draws by half blocks. Must never change the text: a scanner reads exactly it. */
#include "tools/sscardctl/qr.h"

#include <qrencode.h>

static bool is_light(const QRcode *code, int row, int column)
{
        if (row < 0 || column < 0 || row >= code->width || column >= code->width) return true;
        return (code->data[row * code->width + column] & 1) == 0;
}

static const char *block(bool upper, bool lower)
{
        if (upper && lower) return "█";
        if (upper) return "▀";
        return lower ? "▄" : " ";
}

bool qr_print(FILE *out, const char *text, bool colours)
{
        QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
        if (!code) return false;
        int end = code->width + QR_QUIET_MODULES;
        for (int row = -QR_QUIET_MODULES; row < end; row += 2) {
                if (colours) fputs("\033[40;97m", out);
                for (int column = -QR_QUIET_MODULES; column < end; column++)
                        fputs(block(is_light(code, row, column), is_light(code, row + 1, column)),
                              out);
                fputs(colours ? "\033[0m\n" : "\n", out);
        }
        QRcode_free(code);
        return true;
}
