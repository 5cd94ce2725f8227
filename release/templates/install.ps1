<#
.SYNOPSIS
Installs taos-setup @VERSION@ for this user.
.DESCRIPTION
Downloads one archive, verifies its SHA-256, and moves the program into a directory. The digests of all archives are in this file.
Runs in Windows PowerShell 5.1 and PowerShell 7. The proxy is that of the system, or $env:HTTPS_PROXY.
.PARAMETER To
The directory of the program; %LOCALAPPDATA%\Programs\taos-setup if omitted.
.PARAMETER From
A directory, or the address of another server, that has the archive; its digest is the same.
.PARAMETER NoPath
Does not add the directory to the user's PATH.
.PARAMETER Uninstall
Deletes what was installed into the directory.
#>
param(
    [string] $To,
    [string] $From,
    [switch] $NoPath,
    [switch] $Uninstall
)

# In one function, so that a script that was cut off during the download does nothing.
function Install-TaosSetup {
    param([string] $To, [string] $From, [switch] $NoPath, [switch] $Uninstall)

    $ErrorActionPreference = 'Stop'
    # Its progress bar makes downloads of Windows PowerShell slow.
    $ProgressPreference = 'SilentlyContinue'
    Set-StrictMode -Version 2.0

    $version = '@VERSION@'
    $downloads = '@DOWNLOADS@'
    # For `taos-setup self update`: where releases are, and the minisign key that signs them, if there is one.
    $releases = '@RELEASES@'
    $key = '@KEY@'
    $archives = @(
@ARCHIVES@
    )

    if (-not $To) { $To = Join-Path $env:LOCALAPPDATA 'Programs\taos-setup' }
    $To = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($To)
    $program = Join-Path $To 'taos-setup.exe'
    $receipt = Join-Path $To 'taos-setup-receipt.txt'

    if ($Uninstall) {
        if (-not (Test-Path -LiteralPath $receipt -PathType Leaf)) {
            throw "taos-setup was not installed into $To by this script. Next: pass the directory that it was installed into: -To DIR"
        }
        if (Test-Path -LiteralPath $program -PathType Leaf) {
            # An update that was killed leaves both digests.
            $recorded = @(Get-Content -LiteralPath $receipt | Where-Object { $_ -match '^(next-)?sha256 ' } | ForEach-Object { $_.Split(' ')[1] })
            if ($recorded -notcontains (Get-FileHash -LiteralPath $program -Algorithm SHA256).Hash) {
                throw "$program is not the program that this script installed. Next: delete it yourself if you do not need it"
            }
            Remove-Item -LiteralPath $program -Force
        }
        Remove-Item -LiteralPath $receipt -Force
        if (-not $NoPath) { Set-UserPath -Directory $To -Remove }
        Write-Output "ok deleted $program; installed clients are kept"
        return
    }

    # A 32-bit PowerShell on a 64-bit Windows reports the real processor in the second variable.
    $cpu = $env:PROCESSOR_ARCHITEW6432
    if (-not $cpu) { $cpu = $env:PROCESSOR_ARCHITECTURE }
    $archive = $archives | Where-Object { $_.Cpu -eq $cpu } | Select-Object -First 1
    if (-not $archive -and $cpu -eq 'ARM64') {
        # Windows 11 runs programs for x64 on ARM64.
        $archive = $archives | Where-Object { $_.Cpu -eq 'AMD64' } | Select-Object -First 1
    }
    if (-not $archive) { throw "No archive is published for the processor $cpu." }

    if (-not $From) { $From = $downloads }
    [void] (New-Item -ItemType Directory -Force -Path $To)
    # In the same directory as the program, so that the last step is one rename.
    $work = Join-Path $To ('.taos-setup-' + [guid]::NewGuid().ToString('N'))
    [void] (New-Item -ItemType Directory -Path $work)
    try {
        $file = Join-Path $work 'archive.zip'
        if ($From -match '^[a-z]+://') {
            $address = $From.TrimEnd('/') + '/' + $archive.File
            if ($address -notmatch '^(https://|http://(127\.0\.0\.1|localhost)[:/])') {
                throw "Will not download over plain HTTP: $address. Next: download the archive and pass its directory: -From DIR"
            }
            [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
            $request = @{ Uri = $address; OutFile = $file; UseBasicParsing = $true; TimeoutSec = 600 }
            if ($env:HTTPS_PROXY -and $address -like 'https://*') { $request.Proxy = $env:HTTPS_PROXY }
            Write-Output "downloading $($archive.File)"
            try {
                Invoke-WebRequest @request
            } catch {
                throw "Could not download ${address}: $($_.Exception.Message) Next: set HTTPS_PROXY, or download the archive elsewhere and pass its directory: -From DIR"
            }
        } else {
            Copy-Item -LiteralPath (Join-Path $From $archive.File) -Destination $file
        }
        $found = (Get-FileHash -LiteralPath $file -Algorithm SHA256).Hash.ToLowerInvariant()
        if ($found -ne $archive.Sha256) {
            throw "Wrong digest of $($archive.File): observed $found, expected $($archive.Sha256). Nothing was installed."
        }
        Expand-Archive -LiteralPath $file -DestinationPath (Join-Path $work 'unpacked')
        $unpacked = Join-Path $work "unpacked\taos-setup-$version-$($archive.Target)\taos-setup.exe"
        if (-not (Test-Path -LiteralPath $unpacked -PathType Leaf)) { throw "$($archive.File) has no taos-setup.exe." }
        $installed = (Get-FileHash -LiteralPath $unpacked -Algorithm SHA256).Hash.ToLowerInvariant()
        if (Test-Path -LiteralPath $program) {
            try {
                # A running program can be renamed, but not replaced.
                Remove-Item -LiteralPath $program -Force
            } catch {
                throw "Could not replace ${program}: $($_.Exception.Message) Next: end the running taos-setup, and try again"
            }
        }
        Move-Item -LiteralPath $unpacked -Destination $program
        # What `taos-setup self` and -Uninstall read. Another server that serves this release serves the next one, too; a password is
        # not written down.
        $lines = @("version $version", "sha256 $installed", "releases $releases")
        if ($From -ne $downloads -and $From -match '^[a-z]+://' -and $From -notlike '*@*') { $lines += "mirror $From" }
        if ($key) { $lines += "key $key" }
        Set-Content -LiteralPath $receipt -Encoding ASCII -Value $lines
    } finally {
        Remove-Item -LiteralPath $work -Recurse -Force -ErrorAction SilentlyContinue
    }
    Write-Output "ok installed taos-setup ${version}: $program"
    if (-not $NoPath) { Set-UserPath -Directory $To }
}

# Adds a directory to the PATH of this user and this session, or removes it.
function Set-UserPath {
    param([string] $Directory, [switch] $Remove)

    foreach ($scope in 'User', 'Process') {
        $entries = @([Environment]::GetEnvironmentVariable('Path', $scope) -split ';' | Where-Object { $_ })
        $kept = @($entries | Where-Object { $_.TrimEnd('\') -ne $Directory.TrimEnd('\') })
        if ($Remove) {
            if ($kept.Count -eq $entries.Count) { continue }
        } else {
            if ($kept.Count -ne $entries.Count) { continue }
            $kept += $Directory
        }
        [Environment]::SetEnvironmentVariable('Path', ($kept -join ';'), $scope)
    }
}

Install-TaosSetup -To $To -From $From -NoPath:$NoPath -Uninstall:$Uninstall
