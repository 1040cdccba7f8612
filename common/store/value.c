/* Values of statements and rows. Must never copy: a value borrows. */
#include "common/store/value.h"

#include <string.h>

store_value store_text(const char *text)
{
        if (!text) return store_null();
        return (store_value){STORE_TEXT, 0, {(const uint8_t *)text, strlen(text)}};
}
