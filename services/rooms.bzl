"""The rooms of a service as one line each: what every service's room stands on is said here, once."""

_EVERYBODY = ["//:tests_and_tools"]

def _own(name):
    return ["//services/%s:__subpackages__" % name]

def service_rules(name, sees = [], seen_by = []):
    """The pure room rules/: base and policy only, and the rules of those it names.

    Args:
      name: of the service.
      sees: services whose rules these rules know.
      seen_by: services whose rules or handlers know these.
    """
    native.cc_library(
        name = "rules",
        srcs = native.glob(["*.c"]),
        hdrs = native.glob(["*.h"]),
        visibility = _own(name) + ["//tests:__subpackages__", "//tools:__subpackages__"] +
                     ["//services/%s:__subpackages__" % other for other in seen_by],
        deps = ["//common/base", "//common/policy"] + ["//services/%s/rules" % other for other in sees],
    )

def service_record(name, record, seen_by = [], deps = []):
    """The room record/: the codec <record>.c of the messages of <record>.proto.

    Args:
      name: of the service.
      record: name of the codec's files, without suffix.
      seen_by: services that read these records.
      deps: beyond what every codec needs.
    """
    native.genrule(
        name = record + "_generated",
        srcs = [record + ".proto"],
        outs = [record + ".pb-c.c", record + ".pb-c.h"],
        cmd = "protoc-c --proto_path=. --proto_path=/usr/include --c_out=$(GENDIR) $(location %s.proto)" % record,
    )
    native.cc_library(
        name = "record",
        srcs = [record + ".c", record + ".pb-c.c"],
        hdrs = [record + ".h", record + ".pb-c.h"],
        visibility = _EVERYBODY + _own(name) + ["//services/%s:__subpackages__" % other for other in seen_by],
        deps = [
            "//common/base",
            "//common/crypto",
            "//common/record",
            "//services/%s/rules" % name,
            "//third_party/system:protobuf_c",
        ] + deps,
    )

def service_store(name, deps = []):
    """The room store/: tables and SQL; schema.sql and statements.sql beside <name>_store.c.

    Args:
      name: of the service, and of its store's files, schema and statements.
      deps: what it needs beyond the store, commit and the service's own rules and record; the
        libraries of schema and statements are :<name>_schema and :<name>_statements.
    """
    native.cc_library(
        name = "store",
        srcs = native.glob(["*.c"]),
        hdrs = native.glob(["*.h"]),
        visibility = _EVERYBODY + _own(name),
        deps = [
            ":%s_schema" % name,
            ":%s_statements" % name,
            "//common/base",
            "//common/commit",
            "//common/crypto",
            "//common/record",
            "//common/store",
            "//services/%s/record" % name,
            "//services/%s/rules" % name,
        ] + deps,
    )

def service_handlers(name, deps = []):
    """The room handlers/: one file a verb.

    Args:
      name: of the service.
      deps: its rooms record and store if it has them, and whatever else of other services.
    """
    native.cc_library(
        name = "handlers",
        srcs = native.glob(["*.c"]),
        hdrs = native.glob(["*.h"]),
        visibility = _EVERYBODY + _own(name),
        deps = [
            "//common/base",
            "//common/commit",
            "//common/crypto",
            "//common/federation",
            "//common/feed",
            "//common/pack",
            "//common/policy",
            "//common/record",
            "//common/rpc",
            "//common/service",
            "//common/text",
            "//proto:common_v1",
            "//proto:%s_v1" % name,
            "//services/%s/rules" % name,
            "//services/region",
        ] + deps,
    )

def service_jobs(name, deps = []):
    """The room jobs/: timers and feed consumers.

    Args:
      name: of the service.
      deps: beyond the service's own rooms.
    """
    native.cc_library(
        name = "jobs",
        srcs = native.glob(["*.c"]),
        hdrs = native.glob(["*.h"]),
        visibility = _EVERYBODY + _own(name),
        deps = [
            "//common/base",
            "//common/commit",
            "//common/pack",
            "//common/service",
            "//services/%s/handlers" % name,
            "//services/%s/record" % name,
            "//services/%s/rules" % name,
            "//services/%s/store" % name,
            "//services/region",
        ] + deps,
    )

def service_process(name, rooms, moves_clock = False):
    """The programs <name> and <name>_sandbox, and <name>_service for whoever runs it elsewhere.

    Their main() is made here: methods.c names the parts of the service, nothing else does.

    Args:
      name: of the service; methods.h declares <name>_service_definition().
      rooms: folders of the service that methods.c names.
      moves_clock: it is the one service of a sandbox region that moves the clock.
    """
    native.cc_library(
        name = name + "_service",
        srcs = ["methods.c"],
        hdrs = ["methods.h"],
        visibility = _EVERYBODY,
        deps = [
            "//common/base",
            "//common/rpc",
            "//common/service",
            "//proto:%s_descriptors_embedded" % name,
            "//proto:%s_v1" % name,
            "//services/region",
        ] + ["//services/%s/%s" % (name, room) for room in rooms],
    )
    native.filegroup(
        name = "development",
        srcs = native.glob(["development.yaml"]),
        visibility = _EVERYBODY,
    )
    _program(name, name, "main", [])
    clock = "SANDBOX_CLOCK_MOVE" if moves_clock else "SANDBOX_CLOCK_FOLLOW"
    _program(name + "_sandbox", name, "main_sandbox", ["//common/service/sandbox"], clock)

def _program(name, service, template, deps, clock = ""):
    native.genrule(
        name = name + "_main",
        srcs = ["//services:%s.c.in" % template],
        outs = [name + "_main.c"],
        cmd = "sed -e 's/@SERVICE@/%s/g' -e 's/@CLOCK@/%s/g' $< >$@" % (service, clock),
    )
    native.cc_binary(
        name = name,
        srcs = [name + "_main.c"],
        visibility = _EVERYBODY,
        deps = [":%s_service" % service, "//common/service"] + deps,
    )
