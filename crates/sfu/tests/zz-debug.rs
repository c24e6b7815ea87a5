mod common;
use std::time::Duration;
use common::{World, network::Weather};
#[test]
fn loss() {
  for seed in [11,12,13,14] {
    let weather = Weather { delay: Duration::from_millis(30), jitter: Duration::from_millis(12), loss: 0.05 };
    let mut world = World::new(seed, weather);
    world.join_all(1, 3);
    world.run(Duration::from_secs(11));
    for s in 0..3usize { for p in 0..3u32 { if s as u32 == p {continue}
        let sent = world.clients[p as usize].sent.clone();
        let shown = world.clients[s].shown_of(p);
        let mut lat: Vec<_> = shown.iter().map(|(f, at)| (*at - sent[*f as usize].1).as_millis()).collect();
        lat.sort();
        let n = lat.len();
        let seen: usize = world.clients[s].video.values().flat_map(|d| &d.seen).filter(|x| x.piece.publisher==p).count();
        println!("{p}->{s}: shown {n} of {} seen packets {} median {} 90% {} 97% {} max {}; kf {}", sent.len(), seen, lat[n/2], lat[n*9/10], lat[n*97/100], lat[n-1], world.clients[p as usize].keyframe_requests.len());
    }}
    println!("{:?}", world.counters());
  }
}
