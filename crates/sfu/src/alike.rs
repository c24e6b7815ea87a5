//! Sections of an offer that are alike, of which the transport is given one.
//!
//! A browser offers a slot for each tile that it could ever show, and most of them stay empty. The transport
//! makes 2 kB of each section in lists that never shrink. So of the slots of one kind it is given the first,
//! and the answer for the others is that one's with other names and streams. A section that is needed is
//! declared to the transport then. Its reports then name another sender (CNAME, RFC 3550 §6.5.1) than the
//! answer, which cannot know that name; what belongs together is said by `a=msid`.

use std::collections::{HashMap, HashSet};

use str0m::{media::Mid, rtp::Ssrc};
use uuid::Uuid;

/// Lines that may differ between two sections that are alike: their name and those of their streams.
const OWN: [&str; 4] = ["a=mid:", "a=msid:", "a=ssrc:", "a=ssrc-group:"];
/// Lines of sections that are never left out: layers are agreed for each.
const LAYERS: [&str; 2] = ["a=rid:", "a=simulcast:"];
const BUNDLE: &str = "a=group:BUNDLE";
const CANDIDATES: [&str; 2] = ["a=candidate:", "a=end-of-candidates"];
/// Would begin SCTP within the description (draft-hancke-tsvwg-snap), which is not done here.
const UNUSED: &str = "a=sctp-init:";

/// An offer whose alike sections can be left out.
#[derive(Debug)]
pub(crate) struct Offer<'a> {
    session: Vec<&'a str>,
    sections: Vec<Section<'a>>,
}

#[derive(Debug)]
struct Section<'a> {
    lines: Vec<&'a str>,
    name: &'a str,
    /// The place of the one that is given to the transport for it; nothing where that is itself.
    like: Option<usize>,
}

/// A section that the transport was not given.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LeftOut {
    pub(crate) section: Mid,
    /// The one that it is like.
    pub(crate) like: Mid,
}

/// A stream that was named in an answer, and the one of its repairs (RFC 4588).
pub(crate) type Pair = (Ssrc, Option<Ssrc>);

impl<'a> Offer<'a> {
    /// Takes a checked offer apart.
    pub(crate) fn read(sdp: &'a str) -> Self {
        let mut offer = Self::apart(sdp);
        let bundled = bundled(&offer.session);
        let mut first = HashMap::new();
        for (place, section) in offer.sections.iter_mut().enumerate() {
            if section.may_be_left_out(&bundled) {
                let common: Vec<&str> = section.common().collect();
                section.like = Some(*first.entry(common).or_insert(place)).filter(|first| *first != place);
            }
        }
        offer
    }

    /// A description in parts, lines without their ends.
    fn apart(sdp: &'a str) -> Self {
        let (mut session, mut sections) = (Vec::new(), Vec::<Section<'a>>::new());
        for line in sdp.lines().filter(|line| !line.starts_with(UNUSED)) {
            if line.starts_with("m=") {
                sections.push(Section { lines: vec![line], name: "", like: None });
            } else if let Some(section) = sections.last_mut() {
                section.lines.push(line);
            } else {
                session.push(line);
            }
        }
        for section in &mut sections {
            section.name = value(&section.lines, "a=mid:").unwrap_or_default();
        }
        Self { session, sections }
    }

    /// The sections that are left out.
    pub(crate) fn left_out(&self) -> Vec<LeftOut> {
        let left = self.sections.iter().filter_map(|section| {
            let like = self.sections.get(section.like?)?;
            Some(LeftOut { section: section.name.into(), like: like.name.into() })
        });
        left.collect()
    }

    /// What the transport is given: the sections that are not left out, and after them those `further` that
    /// were at first. The order matters to it when it is given some more.
    pub(crate) fn given(&self, further: &[Mid]) -> String {
        let is_further = |section: &&Section<'_>| section.like.is_some() && further.contains(&section.name.into());
        let first = self.sections.iter().filter(|section| section.like.is_none());
        let given: Vec<&Section<'_>> = first.chain(self.sections.iter().filter(is_further)).collect();
        let whole = self.sections.iter().all(|section| section.like.is_none());
        let bundled = bundled(&self.session);
        let names = given.iter().map(|section| section.name).filter(|name| bundled.contains(name));
        let session = self.session.iter().map(|line| if whole { ended(line) } else { grouped(line, names.clone()) });
        session.chain(given.iter().map(|section| section.text())).collect()
    }

    /// The whole answer, of that to what was given; and the stream of each section that was left out.
    /// `stream`: that of a section which is answered.
    pub(crate) fn answered(
        &self,
        answer: &str,
        mut stream: impl FnMut(Mid) -> Option<Pair>,
    ) -> Option<(String, Vec<(LeftOut, Pair)>)> {
        let answer = Offer::apart(answer);
        let bundled = bundled(&answer.session);
        let mut taken: HashSet<u32> = streams(&answer.sections).chain(streams(&self.sections)).collect();
        let find = |name: &str| answer.sections.iter().find(|section| section.name == name);
        let (mut sections, mut names, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
        for section in &self.sections {
            if let Some(found) = find(section.name) {
                sections.push(found.text());
                names.extend(bundled.contains(found.name).then_some(section.name));
                continue;
            }
            let like = find(self.sections.get(section.like?)?.name)?;
            let known = stream(like.name.into())?;
            let pair = (unused(&mut taken), known.1.map(|_| unused(&mut taken)));
            sections.push(like.copied(section.name, known, pair));
            names.extend(bundled.contains(like.name).then_some(section.name));
            left_out.push((LeftOut { section: section.name.into(), like: like.name.into() }, pair));
        }
        let session = answer.session.iter().map(|line| grouped(line, names.iter().copied()));
        Some((session.chain(sections).collect(), left_out))
    }
}

impl<'a> Section<'a> {
    fn text(&self) -> String {
        self.lines.iter().map(|line| ended(line)).collect()
    }

    /// What sections that are alike have in common.
    fn common(&self) -> impl Iterator<Item = &'a str> {
        self.lines.iter().copied().filter(|line| !OWN.iter().any(|own| line.starts_with(own)))
    }

    fn may_be_left_out(&self, bundled: &HashSet<&str>) -> bool {
        let has = |prefix: &str| self.lines.iter().filter(|line| line.starts_with(prefix)).count();
        let is_media = ["m=audio ", "m=video "].iter().any(|kind| has(kind) == 1);
        let is_rejected = self.lines.first().and_then(|line| line.split(' ').nth(1)) == Some("0");
        let has_layers = LAYERS.iter().any(|line| has(line) > 0);
        let only_receives = has("a=recvonly") == 1 && has("a=sendrecv") + has("a=sendonly") + has("a=inactive") == 0;
        let is_named_once = has("a=mid:") == 1 && bundled.contains(self.name);
        is_media && only_receives && is_named_once && !has_layers && (!is_rejected || has("a=bundle-only") > 0)
    }

    /// This section of an answer for another one, with streams of its own.
    fn copied(&self, name: &str, (main, repairs): Pair, (new, new_repairs): Pair) -> String {
        let renumber = |number: &str| match number.parse::<u32>().ok().map(Ssrc::from) {
            Some(number) if number == main => (*new).to_string(),
            Some(number) if Some(number) == repairs => new_repairs.map_or_else(String::new, |it| (*it).to_string()),
            _ => number.to_owned(),
        };
        let msid = format!("{} {}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        let copy = |line: &&str| {
            if line.starts_with("a=mid:") {
                return format!("a=mid:{name}\r\n");
            }
            if line.starts_with("a=msid:") {
                return format!("a=msid:{msid}\r\n");
            }
            if let Some((number, attribute)) = line.strip_prefix("a=ssrc:").and_then(|rest| rest.split_once(' ')) {
                let attribute = if attribute.starts_with("msid:") { format!("msid:{msid}") } else { attribute.into() };
                return format!("a=ssrc:{} {attribute}\r\n", renumber(number));
            }
            if let Some((meaning, numbers)) = line.strip_prefix("a=ssrc-group:").and_then(|rest| rest.split_once(' ')) {
                let numbers: Vec<String> = numbers.split(' ').map(renumber).collect();
                return format!("a=ssrc-group:{meaning} {}\r\n", numbers.join(" "));
            }
            ended(line)
        };
        // The first section of a group has the candidates of all (RFC 9143 §7.3).
        self.lines.iter().filter(|line| !CANDIDATES.iter().any(|it| line.starts_with(it))).map(copy).collect()
    }
}

fn ended(line: &str) -> String {
    format!("{line}\r\n")
}

/// A line of the session, with these sections in its group (RFC 9143 §7.2).
fn grouped<'n>(line: &str, names: impl Iterator<Item = &'n str>) -> String {
    if !line.starts_with(BUNDLE) {
        return ended(line);
    }
    let names = names.map(|name| format!(" {name}"));
    [BUNDLE.to_owned()].into_iter().chain(names).chain(["\r\n".to_owned()]).collect()
}

/// The names in the group of a description; none where it has another group besides.
fn bundled<'a>(session: &[&'a str]) -> HashSet<&'a str> {
    let mut groups = session.iter().filter(|line| line.starts_with("a=group:"));
    let group = groups.next().and_then(|line| line.strip_prefix(BUNDLE)).filter(|_| groups.next().is_none());
    group.unwrap_or_default().split_ascii_whitespace().collect()
}

fn value<'a>(lines: &[&'a str], prefix: &str) -> Option<&'a str> {
    lines.iter().find_map(|line| line.strip_prefix(prefix))
}

/// The streams that sections name.
fn streams<'s>(sections: &'s [Section<'s>]) -> impl Iterator<Item = u32> + 's {
    let lines = sections.iter().flat_map(|section| &section.lines);
    lines.filter_map(|line| line.strip_prefix("a=ssrc:")?.split(' ').next()?.parse().ok())
}

/// A stream that nobody has.
fn unused(taken: &mut HashSet<u32>) -> Ssrc {
    loop {
        let (number, ..) = Uuid::new_v4().as_fields();
        if number != 0 && taken.insert(number) {
            return number.into();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: &str = "v=0\r\na=group:BUNDLE 0 1 2 3 4 5\r\na=msid-semantic: WMS\r\n\
        m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=sendonly\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:1\r\na=recvonly\r\na=ssrc:7 cname:x\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:2\r\na=recvonly\r\n\
        m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:3\r\na=recvonly\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:4\r\na=recvonly\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:5\r\na=recvonly\r\n";
    const ANSWER: &str = "v=0\r\na=group:BUNDLE 0 1 3 4\r\n\
        m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=recvonly\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:1\r\na=sendonly\r\na=msid:s t\r\na=ssrc:10 cname:c\r\n\
        a=ssrc:10 msid:s t\r\na=ssrc:11 cname:c\r\na=ssrc-group:FID 10 11\r\n\
        m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:3\r\na=sendonly\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:4\r\na=sendonly\r\n";

    fn names(left_out: &[LeftOut]) -> Vec<(String, String)> {
        left_out.iter().map(|it| (it.section.to_string(), it.like.to_string())).collect()
    }

    fn mids(sdp: &str) -> Vec<&str> {
        sdp.lines().filter_map(|line| line.strip_prefix("a=mid:")).collect()
    }

    #[test]
    fn what_is_like_one_before_is_left_out() {
        let offer = Offer::read(OFFER);
        assert_eq!(names(&offer.left_out()), [("2".into(), "1".into()), ("5".into(), "1".into())]);
        let given = offer.given(&[]);
        assert_eq!(mids(&given), ["0", "1", "3", "4"]);
        assert!(given.contains("a=group:BUNDLE 0 1 3 4\r\n"), "{given}");
        assert_eq!(mids(&offer.given(&["5".into()])), ["0", "1", "3", "4", "5"], "after those of before");
    }

    #[test]
    fn what_differs_has_layers_or_is_in_no_group_is_given() {
        for (of, to) in [
            ("a=mid:2\r\na=recvonly", "a=mid:2\r\na=recvonly\r\na=extmap:3 x"),
            ("a=mid:2\r\na=recvonly", "a=mid:2\r\na=recvonly\r\na=rid:a recv"),
            ("a=mid:2\r\na=recvonly", "a=mid:2\r\na=sendrecv"),
            ("a=mid:2\r\na=recvonly", "a=mid:2\r\na=mid:6\r\na=recvonly"),
            ("BUNDLE 0 1 2", "BUNDLE 0 1"),
        ] {
            let changed = OFFER.replace(of, to);
            assert_eq!(names(&Offer::read(&changed).left_out()), [("5".into(), "1".into())], "{to}");
        }
    }

    #[test]
    fn what_is_not_understood_is_given_as_it_is() {
        let grouped = OFFER.replace("a=msid-semantic", "a=group:LS 0 1\r\na=msid-semantic");
        assert_eq!(Offer::read(&grouped).given(&[]), grouped);
        let trimmed = OFFER.trim_end().replace("\r\n", "\n");
        assert_eq!(Offer::read(&trimmed).given(&["2".into(), "5".into()]).matches("m=").count(), 6);
        let with_init = OFFER.replace("a=mid:0\r\n", "a=mid:0\r\na=sctp-init:AAAA\r\n");
        assert_eq!(Offer::read(&with_init).given(&[]), Offer::read(OFFER).given(&[]));
    }

    #[test]
    fn the_answer_names_every_section_and_streams_of_its_own() {
        let offer = Offer::read(OFFER);
        let (answer, streams) = offer.answered(ANSWER, |_| Some((10.into(), Some(11.into())))).unwrap();
        assert_eq!(mids(&answer), ["0", "1", "2", "3", "4", "5"]);
        assert!(answer.contains("a=group:BUNDLE 0 1 2 3 4 5\r\n"), "{answer}");
        let mut named = HashSet::from([7, 10, 11]);
        for (left_out, (main, repairs)) in streams {
            let repairs = repairs.unwrap();
            assert!(named.insert(*main) && named.insert(*repairs), "each has its own: {left_out:?}");
            for line in [format!("a=ssrc:{main} cname:c\r\n"), format!("a=ssrc-group:FID {main} {repairs}\r\n")] {
                assert_eq!(answer.matches(&line).count(), 1, "{line} in {answer}");
            }
        }
        assert_eq!(named.len(), 7);
        let tracks: HashSet<&str> = answer.lines().filter(|line| line.starts_with("a=msid:")).collect();
        assert_eq!(tracks.len(), 3, "{answer}");
    }

    #[test]
    fn an_answer_that_lacks_a_section_is_none() {
        assert!(Offer::read(OFFER).answered("v=0\r\n", |_| None).is_none());
        assert!(Offer::read(OFFER).answered(ANSWER, |_| None).is_none());
    }
}
