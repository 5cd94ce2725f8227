/* Uses a file until its standard input ends: `holder open FILE` reads it and keeps it open, `holder load FILE` loads the library. */
#include <windows.h>
#include <stdio.h>
#include <wchar.h>

int wmain(int count, wchar_t **words)
{
    void *held = NULL;
    if (count == 3 && wcscmp(words[1], L"load") == 0)
        held = LoadLibraryW(words[2]);
    else if (count == 3)
        held = CreateFileW(words[2], GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (held == NULL || held == INVALID_HANDLE_VALUE) {
        printf("error %lu\n", GetLastError());
        return 1;
    }
    puts("held");
    fflush(stdout);
    getchar();
    return 0;
}
