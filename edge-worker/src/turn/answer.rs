//! What a provider of relays answers, until it is fit for a browser: a constructor that throws for a bad
//! address must not keep anybody out of a meeting.

use protocol::{
    limits::{ICE_SERVERS, ICE_TEXT_BYTES},
    rest::IceServer,
};
use serde_json::Value;

/// Schemes of RFC 7064 and RFC 7065.
const SCHEMES: [&str; 4] = ["stun:", "stuns:", "turn:", "turns:"];

/// The servers in an answer of the form `{iceServers: […]}`, where one may stand for a list of one.
#[must_use]
pub fn servers(answer: &Value) -> Vec<IceServer> {
    let mut servers = Vec::new();
    for server in list(&answer["iceServers"]) {
        let text = |name: &str| server[name].as_str().map(str::to_owned);
        let mut urls = Vec::new();
        for url in list(&server["urls"]) {
            urls.extend(url.as_str().map(str::to_owned));
        }
        servers.push(IceServer { urls, username: text("username"), credential: text("credential") });
    }
    servers
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice)
}

/// Those that a browser takes, with the addresses that it takes; a few of them. Port 53 is left out:
/// browsers block it, and wait for nothing.
#[must_use]
pub fn usable(mut servers: Vec<IceServer>) -> Vec<IceServer> {
    servers.retain_mut(|server| {
        let fits = |text: &Option<String>| matches!(text, Some(text) if (1..=ICE_TEXT_BYTES).contains(&text.len()));
        let has_both = fits(&server.username) && fits(&server.credential);
        if !has_both {
            (server.username, server.credential) = (None, None);
        }
        server.urls.retain(|url| is_address(url, has_both));
        server.urls.truncate(ICE_SERVERS);
        !server.urls.is_empty()
    });
    servers.truncate(ICE_SERVERS);
    servers
}

fn is_address(url: &str, has_credentials: bool) -> bool {
    let Some(scheme) = SCHEMES.iter().find(|scheme| url.starts_with(**scheme)) else { return false };
    let address = url.split('?').next().unwrap_or_default();
    let host = address.as_bytes().get(scheme.len());
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b".-:[]?=_".contains(byte);
    url.len() <= ICE_TEXT_BYTES
        && url.as_bytes().iter().all(is_plain)
        && host.is_some_and(|first| first.is_ascii_alphanumeric() || *first == b'[')
        && !address.ends_with(":53")
        && (has_credentials || !scheme.starts_with("turn"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(urls: &[&str]) -> IceServer {
        let urls = urls.iter().map(|url| (*url).to_owned()).collect();
        IceServer { urls, username: Some("user".into()), credential: Some("word".into()) }
    }

    #[test]
    fn a_list_and_a_single_server_are_read() {
        let url = "turn:turn.example:3478?transport=udp";
        for answer in [
            serde_json::json!({ "iceServers": [{ "urls": [url], "username": "user", "credential": "word" }] }),
            serde_json::json!({ "iceServers": { "urls": url, "username": "user", "credential": "word" } }),
        ] {
            assert_eq!(usable(servers(&answer)), [server(&[url])]);
        }
        for odd in ["null", "[]", "7", r#"{"iceServers":7}"#, r#"{"iceServers":[null,{"urls":[7]}]}"#] {
            assert!(usable(servers(&serde_json::from_str(odd).unwrap())).is_empty(), "{odd}");
        }
    }

    #[test]
    fn what_a_browser_refuses_or_blocks_is_left_out() {
        let good = [
            "turn:turn.example:3478?transport=udp",
            "turn:turn.example:80?transport=tcp",
            "turns:turn.example:443?transport=tcp",
            "stun:[2001:db8::53]",
            "turn:[2001:db8::1]:5349",
        ];
        let bad = [
            "turn:turn.example:53?transport=udp",
            "stun:turn.example:53",
            "turn:[2001:db8::1]:53",
            "turn:",
            "turn:?transport=udp",
            "http://turn.example",
            "turn:turn.example/path",
            "turn:turn.example:3478 ",
            "",
        ];
        assert_eq!(usable(vec![server(&[&good[..], &bad].concat())]), [server(&good)]);
        let long = format!("turn:{}", "a".repeat(ICE_TEXT_BYTES));
        assert!(usable(vec![server(&[&long])]).is_empty());
    }

    #[test]
    fn a_relay_without_credentials_is_none() {
        let mut lacking = server(&["turn:turn.example", "stun:turn.example"]);
        lacking.credential = Some(String::new());
        let kept = IceServer { urls: vec!["stun:turn.example".into()], username: None, credential: None };
        assert_eq!(usable(vec![lacking]), [kept]);
    }

    #[test]
    fn there_are_a_few_of_everything() {
        let many = vec![server(&["stun:turn.example"; 100]); 100];
        let kept = usable(many);
        assert_eq!((kept.len(), kept[0].urls.len()), (ICE_SERVERS, ICE_SERVERS));
    }
}
