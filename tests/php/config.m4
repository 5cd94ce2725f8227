dnl An extension of the test's own, which is linked with libtaos as tdengine is.
PHP_ARG_ENABLE([tdengine], [whether to build tdengine], [], [yes])
PHP_ARG_WITH([tdengine-dir], [], [], [no], [no])
PHP_ADD_INCLUDE([$PHP_TDENGINE_DIR/include])
PHP_ADD_LIBRARY_WITH_PATH([taos], [$PHP_TDENGINE_DIR/driver], [TDENGINE_SHARED_LIBADD])
PHP_SUBST([TDENGINE_SHARED_LIBADD])
PHP_NEW_EXTENSION([tdengine], [tdengine.c], [$ext_shared])
