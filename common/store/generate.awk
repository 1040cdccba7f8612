# Turns a .sql file into C: constants of store_statement, or one store_schema.
# Must refuse what one of the engines would take amiss: gaps in the numbers of parameters.
#
#   awk -f generate.awk -v mode=statements -v name=LIST -v out=c|h -v header=PATH FILE
#   awk -f generate.awk -v mode=schema -v name=SYMBOL -v component=NAME -v out=c|h -v header=PATH FILE

function fail(text) {
        print FILENAME ":" FNR ": " text > "/dev/stderr"
        failed = 1
        exit 1
}

function quoted(text) {
        gsub(/["\\]/, "\\\\&", text)
        gsub(/\n/, "\\n\"\n        \"", text)
        return "\"" text "\""
}

function parameters(text, count, number, seen, rest) {
        rest = text
        count = 0
        while (match(rest, /\$[0-9]+/)) {
                number = substr(rest, RSTART + 1, RLENGTH - 1) + 0
                seen[number] = 1
                if (number > count) count = number
                rest = substr(rest, RSTART + RLENGTH)
        }
        for (number = 1; number <= count; number++)
                if (!(number in seen)) fail("statement " block " has no $" number)
        return count
}

function finish() {
        if (block == "") return
        sub(/[ \n]+$/, "", text)
        if (text == "") fail("block " block " is empty")
        if (mode == "statements") {
                sub(/;$/, "", text)
                if (index(text, ";")) fail("statement " block " holds more than one")
                if (out == "h") {
                        print "extern const store_statement " block ";"
                } else {
                        print "const store_statement " block " = {\n        .name = \"" block "\","
                        print "        .sql = " quoted(text) ","
                        print "        .parameter_count = " parameters(text) ",\n};"
                        list = list "        &" block ",\n"
                }
        } else {
                migrations++
                if (block + 0 != migrations) fail("migration " block " stands where " migrations " is due")
                if (out == "c")
                        rows = rows "        {" block ", " quoted(title) ",\n        " quoted(text) "},\n"
        }
        text = ""
}

BEGIN {
        if (out == "h") print "#pragma once\n#include \"common/store/statement.h\""
        else print "#include \"" header "\""
        engine = "any"
}

/^-- name: / && mode == "statements" {
        finish()
        block = $3
        if (block !~ /^[a-z][a-z0-9_]*$/) fail("not a name: " block)
        if (block in blocks) fail("a second " block)
        blocks[block] = 1
        next
}

/^-- migration: / && mode == "schema" {
        finish()
        block = $3
        title = $0
        sub(/^-- migration: [0-9]+ */, "", title)
        engine = "any"
        next
}

/^-- engine: / && mode == "schema" {
        engine = $3
        if (engine !~ /^(any|sqlite|postgresql)$/) fail("no such engine: " engine)
        next
}

{
        sub(/[ \t]*--.*$/, "")
        if ($0 ~ /^[ \t]*$/) next
        if (block == "") fail("text before the first block")
        if (engine != "any" && engine != "sqlite") next
        text = text (text == "" ? "" : "\n") $0
}

END {
        if (failed) exit 1
        finish()
        if (mode == "statements") {
                if (out == "h") print "extern const store_statement *const " name "[];"
                else print "const store_statement *const " name "[] = {\n" list "        0,\n};"
        } else if (out == "h") {
                print "extern const store_schema " name ";"
        } else {
                print "static const store_migration migrations[] = {\n" rows "};"
                print "const store_schema " name " = {\"" component "\", migrations, " migrations "};"
        }
}
