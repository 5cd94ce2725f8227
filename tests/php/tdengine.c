/* An extension of the test's own: tdengine_client() gives the version of the client that it is linked with. */
#include <php.h>
#include <taos.h>

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(tdengine_client_arguments, 0, 0, IS_STRING, 0)
ZEND_END_ARG_INFO()

static ZEND_FUNCTION(tdengine_client) {
    ZEND_PARSE_PARAMETERS_NONE();
    RETURN_STRING(taos_get_client_info());
}

static const zend_function_entry functions[] = {ZEND_FE(tdengine_client, tdengine_client_arguments) ZEND_FE_END};

zend_module_entry tdengine_module_entry = {
    STANDARD_MODULE_HEADER, "tdengine", functions, NULL, NULL, NULL, NULL, NULL, "1.0.0", STANDARD_MODULE_PROPERTIES,
};

ZEND_GET_MODULE(tdengine)
