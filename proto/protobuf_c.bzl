"""C code and descriptor sets from .proto files, by protoc and protoc-c; nothing generated is committed."""

def protobuf_c_library(name, srcs, deps = [], proto_deps = [], visibility = None):
    """A cc_library of the generated C for `srcs`.

    Headers are included as "sscard/<area>/v1/<file>.pb-c.h".

    Args:
      name: of the cc_library.
      srcs: .proto files of this package, by their path below proto/.
      deps: protobuf_c_library targets whose files `srcs` import.
      proto_deps: the .proto files behind `deps` (filegroups), for the compiler to read.
      visibility: as everywhere.
    """
    stems = [src[:-len(".proto")] for src in srcs]
    headers = [stem + ".pb-c.h" for stem in stems]
    sources = [stem + ".pb-c.c" for stem in stems]
    native.genrule(
        name = name + "_generated",
        srcs = srcs + proto_deps,
        outs = headers + sources,
        cmd = "protoc-c --proto_path=proto --proto_path=/usr/include --c_out=$(RULEDIR) " +
              " ".join([src for src in srcs]),
        message = "protoc-c " + name,
    )
    native.cc_library(
        name = name,
        srcs = sources,
        hdrs = headers,
        copts = ["-Wno-error", "-Wno-unused-parameter"],
        includes = ["."],
        visibility = visibility,
        deps = deps + ["//third_party/system:protobuf_c"],
    )

def descriptor_set(name, srcs, proto_deps, visibility = None):
    """A FileDescriptorSet of `srcs` with their imports and comments, as name.binpb."""
    native.genrule(
        name = name,
        srcs = srcs + proto_deps,
        outs = [name + ".binpb"],
        cmd = "protoc --proto_path=proto --proto_path=/usr/include --include_imports --include_source_info " +
              "--descriptor_set_out=$@ " + " ".join(srcs),
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
