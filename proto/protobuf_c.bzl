"""C code and descriptor sets from .proto files, by protoc and protoc-c; nothing generated is committed."""

_SYSTEM_PATH = "--proto_path=/usr/include "
_PATHS = "--proto_path=proto " + _SYSTEM_PATH

def protobuf_c_library(name, srcs, deps = [], system_srcs = [], visibility = None):
    """A cc_library of the generated C for `srcs`, and a filegroup name_files of the .proto files.

    Headers are included as "sscard/<area>/v1/<file>.pb-c.h".

    Args:
      name: of the cc_library.
      srcs: .proto files of this package, by their path below proto/.
      deps: protobuf_c_library targets of this package whose files `srcs` import.
      system_srcs: .proto files of /usr/include, by their path below it.
      visibility: as everywhere.
    """
    stems = [src[:-len(".proto")] for src in srcs + system_srcs]
    headers = [stem + ".pb-c.h" for stem in stems]
    sources = [stem + ".pb-c.c" for stem in stems]
    native.filegroup(
        name = name + "_files",
        srcs = srcs + [dep + "_files" for dep in deps],
        visibility = visibility,
    )
    native.genrule(
        name = name + "_generated",
        srcs = [":" + name + "_files"] + _options_file(srcs),
        outs = headers + sources,
        cmd = "protoc-c " + (_PATHS if srcs else _SYSTEM_PATH) + "--c_out=$(RULEDIR) " + " ".join(srcs + system_srcs),
        message = "protoc-c " + name,
    )
    native.cc_library(
        name = name,
        srcs = sources,
        hdrs = headers,
        copts = ["-Wno-error"],
        includes = ["."],
        visibility = visibility,
        deps = deps + ["//third_party/system:protobuf_c"],
    )

def descriptor_set(name, srcs, libraries, visibility = None):
    """A FileDescriptorSet of `srcs` with their imports and comments, as name.binpb.

    Args:
      name: of the target.
      srcs: .proto files that declare services.
      libraries: protobuf_c_library targets of this package that hold `srcs` and their imports.
      visibility: as everywhere.
    """
    native.genrule(
        name = name,
        srcs = [library + "_files" for library in libraries] + _options_file(srcs),
        outs = [name + ".binpb"],
        cmd = "protoc " + _PATHS + "--include_imports --include_source_info --descriptor_set_out=$@ " +
              " ".join(srcs),
        visibility = visibility,
    )

def embedded_bytes(name, src, symbol, visibility = None):
    """A cc_library with `src` as `const unsigned char symbol[]` and `const size_t symbol_bytes`."""
    native.genrule(
        name = name + "_source",
        srcs = [src],
        outs = [name + ".c", name + ".h"],
        cmd = "$(location //proto/tools:embed.sh) $(location %s) %s $(RULEDIR)/%s" % (src, symbol, name),
        tools = ["//proto/tools:embed.sh"],
    )
    native.cc_library(
        name = name,
        srcs = [name + ".c"],
        hdrs = [name + ".h"],
        visibility = visibility,
    )

def service_descriptors(name, srcs, libraries, visibility = None):
    """<name>_descriptors.binpb and <name>_descriptors_embedded with the symbol <name>_descriptors."""
    descriptor_set(
        name = name + "_descriptors",
        srcs = srcs,
        libraries = libraries,
        visibility = visibility,
    )
    embedded_bytes(
        name = name + "_descriptors_embedded",
        src = ":" + name + "_descriptors",
        symbol = name + "_descriptors",
        visibility = visibility,
    )

def service_api(name, deps = []):
    """A service's area sscard/<name>/v1: <name>_v1 and its descriptor sets.

    Args:
      name: of the service; its rpcs stand in sscard/<name>/v1/<name>_service.proto.
      deps: beyond common_v1 and the standard types: areas whose messages it uses.
    """
    protobuf_c_library(
        name = name + "_v1",
        srcs = native.glob(["sscard/%s/v1/*.proto" % name]),
        deps = deps + [":common_v1", ":google_rpc", ":google_type", ":wkt"],
    )
    service_descriptors(
        name = name,
        srcs = ["sscard/%s/v1/%s_service.proto" % (name, name)],
        libraries = [":%s_v1" % name],
    )

def _options_file(srcs):
    """The file of protobuf-c's own options, which every file of ours imports."""
    return ["protobuf-c/protobuf-c.proto"] if srcs else []
