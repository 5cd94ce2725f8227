use super::*;

/// TAOS_PORT of the example of `start TARGET --transport TRANSPORT`.
fn port_of_example(target: &str, transport: Transport) -> Option<String> {
    let project = FirstProject {
        target: target.parse().unwrap(),
        language: "go",
        transport,
        directory: PathBuf::from("hello"),
    };
    let init = project.steps().pop().unwrap();
    let mut variables = init.variables.into_iter();
    let port = variables.find(|(name, _)| *name == "TAOS_PORT");
    port.map(|(_, port)| port)
}

#[test]
fn example_gets_the_port_of_its_transport() {
    let given = Some("7041".to_owned());
    assert_eq!(port_of_example("db:7041", Transport::Ws), given);
    assert_eq!(port_of_example("db:7041", Transport::Native), given);
    for transport in [Transport::Ws, Transport::Rest] {
        assert_eq!(port_of_example("db:6030", transport), None);
        assert_eq!(port_of_example("db", transport), None);
    }
    assert_eq!(port_of_example("db:6041", Transport::Native), None);
    assert_eq!(
        port_of_example("db:6030", Transport::Native),
        Some("6030".to_owned())
    );
}
