"""Tests in Python against a region of real processes."""

def region_test(name, services = ["card"], size = "medium", data = [], deps = []):
    """A test program <name>.py that starts what it needs through //tests/harness:region.

    Args:
      name: of the target and of the program.
      services: whose binaries it starts.
      size: as everywhere.
      data: further files.
      deps: further Python files.
    """
    native.sh_test(
        name = name,
        size = size,
        srcs = ["//tests/harness:region_test.sh"],
        args = ["$(location %s.py)" % name],
        data = [name + ".py", "//tests/harness:region"] + data + deps +
               ["//services/" + service for service in services] +
               ["//services/%s:development" % service for service in services],
        local = True,
        tags = ["integration"],
    )
