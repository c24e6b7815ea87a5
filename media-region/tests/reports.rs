//! The edge hears that the region lives; the region does not mind when it cannot.

mod common;

use axum::http::StatusCode;
use common::{INSTANCE, PATIENCE, Region, config, edge::FakeEdge, region_token};
use media_region::{BindError, Phase, Sockets};
use tokio::time::timeout;

#[tokio::test]
async fn reports_come_at_once_and_carry_the_credential() {
    let mut edge = FakeEdge::start().await;
    let more = ["--engines", "2", "--capacity", "40", "--latitude", "-33.87", "--longitude", "151.21"];
    let region = Region::start(&edge.url, &more).await;
    let heard = edge.until(|heard| heard.reports.len() >= 2).await;
    let (credential, report) = &heard.reports[0];
    assert_eq!(credential, &region_token("local"));
    assert_eq!((report.instance.as_str(), report.region.as_str()), (INSTANCE, "local"));
    assert_eq!((report.latitude, report.longitude), (-33.87, 151.21));
    assert_eq!((report.participants, report.capacity, report.draining), (0, 80, false));
    assert_eq!(report.control_url, "http://127.0.0.1:7880");
    region.end().await;
    let last = edge.heard().reports.pop().unwrap().1;
    assert!(last.draining, "the last report takes no more rooms");
}

#[tokio::test]
async fn an_edge_that_refuses_or_is_away_is_tried_again_and_stops_nothing() {
    let mut edge = FakeEdge::start().await;
    edge.answer_with(StatusCode::SERVICE_UNAVAILABLE);
    let region = Region::start(&edge.url, &["--engines", "1"]).await;
    edge.until(|heard| heard.refused >= 1).await;
    assert_eq!(region.get("/healthz").await.status(), 200);
    edge.answer_with(StatusCode::NO_CONTENT);
    edge.until(|heard| !heard.reports.is_empty()).await;
    assert_eq!(region.metric("meridian_sessions").await, 0);
    region.end().await;
}

#[tokio::test]
async fn draining_an_empty_region_is_reported_at_once_and_ends_it() {
    let mut edge = FakeEdge::start().await;
    let region = Region::start(&edge.url, &["--engines", "1"]).await;
    edge.until(|heard| !heard.reports.is_empty()).await;
    region.phase.send_replace(Phase::Draining);
    edge.until(|heard| heard.reports.iter().any(|(_, report)| report.draining)).await;
    timeout(PATIENCE, region.task).await.unwrap().unwrap().unwrap();
}

#[tokio::test]
async fn a_taken_port_is_named_with_its_flag() {
    let first = config("http://127.0.0.1:9", &["--engines", "1"]);
    let sockets = Sockets::bind(&first).unwrap();
    let (control, media) = (sockets.control.local_addr().unwrap(), sockets.media[0].advertised);
    let mut second = config("http://127.0.0.1:9", &["--engines", "1"]);
    second.udp = media.to_string();
    let taken = Sockets::bind(&second).unwrap_err();
    assert!(matches!(taken, BindError::Taken { .. }));
    let message = taken.to_string();
    assert!(message.contains(&media.port().to_string()) && message.contains("--udp"), "{message}");
    let mut second = config("http://127.0.0.1:9", &["--engines", "1"]);
    second.control = control.to_string();
    let message = Sockets::bind(&second).unwrap_err().to_string();
    assert!(message.contains(&control.port().to_string()) && message.contains("--control"), "{message}");
}

#[tokio::test]
async fn a_credential_of_another_region_is_refused_at_the_start() {
    let mut config = config("http://127.0.0.1:9", &[]);
    config.region_token = region_token("fra").parse().unwrap();
    let message = config.check().unwrap_err().to_string();
    assert!(message.contains("MERIDIAN_REGION_TOKEN") && message.contains("fra"), "{message}");
    config.region_token = "a.b.c".parse().unwrap();
    assert!(config.check().is_err());
}
