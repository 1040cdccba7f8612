/* Scoped clean-up and checked results: the two habits every room shares.
 * Must never grow into a box of helpers. */
#ifndef SSCARD_COMMON_BASE_SCOPED_H
#define SSCARD_COMMON_BASE_SCOPED_H

/* The caller must look at the result. */
#define MUST_CHECK __attribute__((warn_unused_result))

/* Declares a variable whose `<type>_release(type *)` runs when it leaves its scope. */
#define SCOPED(type) __attribute__((cleanup(type##_release))) type

/* printf-like functions are checked by the compiler. */
#define FORMAT_CHECK(format_index, first_argument)                                                 \
        __attribute__((format(printf, format_index, first_argument)))

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#endif
