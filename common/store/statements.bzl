"""Constants from a room's .sql files; nothing generated is committed."""

def _generate(name, src, flags):
    for out in ["h", "c"]:
        native.genrule(
            name = name + "_" + out,
            srcs = [src],
            outs = [name + "." + out],
            cmd = "awk -f $(location //common/store:generate.awk) %s -v out=%s -v header=%s/%s.h $(location %s) >$@" %
                  (flags, out, native.package_name(), name, src),
            tools = ["//common/store:generate.awk"],
        )

def store_statements(name, src, visibility = None):
    """A cc_library of the `-- name: order_load` blocks of `src`: const store_statement order_load.

    All of them stand in the NULL-ended list `const store_statement *const <name>[]`.

    Args:
      name: of the library and of its header, "<package>/<name>.h".
      src: the .sql file.
      visibility: as everywhere.
    """
    _generate(name, src, "-v mode=statements -v name=" + name)
    native.cc_library(
        name = name,
        srcs = [name + ".c"],
        hdrs = [name + ".h"],
        visibility = visibility,
        deps = ["//common/store:statement"],
    )

def store_schema(name, src, component, visibility = None):
    """A cc_library of the `-- migration: 1 text` blocks of `src`: const store_schema <name>.

    Lines after `-- engine: sqlite` or `-- engine: postgresql` are for that engine alone, until
    `-- engine: any` or the next migration.

    Args:
      name: of the constant, the library and its header, "<package>/<name>.h".
      src: the .sql file.
      component: whose tables they are, "orders".
      visibility: as everywhere.
    """
    _generate(name, src, "-v mode=schema -v name=%s -v component=%s" % (name, component))
    native.cc_library(
        name = name,
        srcs = [name + ".c"],
        hdrs = [name + ".h"],
        visibility = visibility,
        deps = ["//common/store:statement"],
    )
