#!/bin/sh
# embed.sh FILE SYMBOL STEM: writes STEM.c and STEM.h that hold the bytes of FILE as SYMBOL.
set -eu
file=$1 symbol=$2 stem=$3
{
        echo "#include <stddef.h>"
        echo "extern const unsigned char ${symbol}[];"
        echo "extern const size_t ${symbol}_bytes;"
} >"$stem.h"
{
        echo "#include <stddef.h>"
        echo "extern const unsigned char ${symbol}[];"
        echo "extern const size_t ${symbol}_bytes;"
        echo "const unsigned char ${symbol}[] = {"
        od -An -v -tx1 "$file" | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g'
        echo "0};"
        echo "const size_t ${symbol}_bytes = sizeof ${symbol} - 1;"
} >"$stem.c"
