use super::*;

fn built(output: &str) -> (ConnectorFault, String) {
    (classify(ProbeStage::Build, output), first_error(output))
}

#[test]
fn builds_are_classified() {
    use ConnectorFault::{Build, Registry, Toolchain, Version};
    for (output, fault, line) in [
        (
            "go: github.com/taosdata/driver-go/v3@v3.99.0: invalid version: unknown revision v3.99.0",
            Version,
            "go: github.com/taosdata/driver-go/v3@v3.99.0: invalid version: unknown revision v3.99.0",
        ),
        (
            "go: proxy.example: Get \"https://proxy.example/x\": dial tcp: lookup proxy.example: no such host",
            Registry,
            "go: proxy.example: Get \"https://proxy.example/x\": dial tcp: lookup proxy.example: no such host",
        ),
        (
            "# taos-probe\n./main.go:12:3: undefined: taosWS.NewConfig\n./main.go:13:1: x",
            Build,
            "./main.go:12:3: undefined: taosWS.NewConfig",
        ),
        (
            "[ERROR] COMPILATION ERROR : \n[ERROR] /c/TaosExample.java:[3,8] cannot find symbol\n[ERROR] Failed to execute goal",
            Build,
            "/c/TaosExample.java:[3,8] cannot find symbol",
        ),
        (
            "npm error code ETARGET\nnpm error notarget No matching version found for @tdengine/websocket@9.9.9.",
            Version,
            "notarget No matching version found for @tdengine/websocket@9.9.9.",
        ),
        (
            "WARNING: Retrying after connection broken by 'NewConnectionError'\nERROR: Could not find a version that satisfies the requirement taospy==2.8.10\nERROR: No matching distribution found",
            Registry,
            "WARNING: Retrying after connection broken by 'NewConnectionError'",
        ),
        (
            "ERROR: Could not find a version that satisfies the requirement taospy==99\nERROR: No matching distribution found for taospy==99",
            Version,
            "ERROR: Could not find a version that satisfies the requirement taospy==99",
        ),
        (
            "error: failed to select a version for the requirement `taos = \"=9.9.9\"`",
            Version,
            "error: failed to select a version for the requirement `taos = \"=9.9.9\"`",
        ),
        (
            "error[E0432]: unresolved import `taos::X`\n --> src/main.rs:3:5",
            Build,
            "error[E0432]: unresolved import `taos::X`",
        ),
        (
            "cgo: C compiler \"gcc\" not found: exec: \"gcc\": executable file not found in $PATH",
            Toolchain,
            "cgo: C compiler \"gcc\" not found: exec: \"gcc\": executable file not found in $PATH",
        ),
        (
            "/c/p.csproj : error NU1102: Unable to find package TDengine.Connector with version (= 9.9.9)",
            Version,
            "/c/p.csproj : error NU1102: Unable to find package TDengine.Connector with version (= 9.9.9)",
        ),
        ("", Build, ""),
    ] {
        let (found, words) = built(output);
        assert_eq!(found, fault, "{output}");
        if fault != Registry || !output.starts_with("WARNING") {
            assert_eq!(words, line, "{output}");
        }
    }
}

#[test]
fn runs_are_classified() {
    for (output, fault) in [
        (
            "error: [0x357] Authentication failure",
            ConnectorFault::Refusal,
        ),
        (
            "error: no taos in java.library.path: /usr/lib",
            ConnectorFault::Load,
        ),
        (
            "error: libtaos.so: cannot open shared object file",
            ConnectorFault::Load,
        ),
        (
            "ModuleNotFoundError: No module named 'taosws'",
            ConnectorFault::Load,
        ),
    ] {
        assert_eq!(classify(ProbeStage::Run, output), fault, "{output}");
    }
}

#[test]
fn long_lines_are_cut() {
    assert_eq!(
        first_error(&format!("error: {}", "x".repeat(9000))).len(),
        300
    );
}
