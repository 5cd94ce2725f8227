/* Connects, asks for the server's version and prints it: cc connect_example.c -ltaos */
#include <stdio.h>
#include <stdlib.h>
#include <taos.h>

int main(void) {
    TAOS *taos = taos_connect(getenv("TAOS_HOST"), "root", "taosdata", NULL, 0);
    if (taos == NULL) {
        fprintf(stderr, "cannot connect: 0x%x %s\n", (unsigned)taos_errno(NULL), taos_errstr(NULL));
        return 1;
    }
    TAOS_RES *result = taos_query(taos, "select server_version()");
    TAOS_ROW  row = taos_errno(result) == 0 ? taos_fetch_row(result) : NULL;
    if (row == NULL) {
        fprintf(stderr, "cannot query: 0x%x %s\n", (unsigned)taos_errno(result), taos_errstr(result));
        return 1;
    }
    printf("%.*s\n", taos_fetch_lengths(result)[0], (char *)row[0]);
    taos_free_result(result);
    taos_close(taos);
    taos_cleanup();
    return 0;
}
