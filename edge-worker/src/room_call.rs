//! Calls from the Worker to an object: JSON in a request that never leaves Cloudflare.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use protocol::{
    error::{ErrorCode, Problem},
    id::{InstanceId, ParticipantId, RoomCode, RoomId},
    region::SessionEvent,
    rest::{Admission, RoomDetails, RoomKind, Schedule},
    text::{EmailAddress, Sdp, Title},
};
use room::{Answer, Identity, Invitee, NewRoom, Question};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use worker::{Env, Headers, Method, ObjectId, ObjectNamespace, Request, Response, Stub};

use crate::{json, location, outgoing, problem::Refusal};

/// Header of a socket's request that carries the [`room::Connection`] without its id.
pub const PERSON_HEADER: &str = "x-meridian-person";

/// Body of `/create`. Answered by [`RoomDetails`], or a `null` when the code is taken.
#[derive(Debug, Serialize, Deserialize)]
pub struct Create {
    /// The object's id.
    pub id: RoomId,
    /// The code people share.
    pub code: RoomCode,
    /// The rest.
    pub wanted: Wanted,
}

/// A meeting that somebody wants.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Wanted {
    /// What it is about.
    pub title: Title,
    /// Who walks in.
    pub kind: RoomKind,
    /// SHA-256 of the host secret, for one that a guest makes.
    pub host_secret_hash: Option<[u8; 32]>,
    /// Who makes it, where they are signed in.
    pub owner: Option<Identity>,
    /// When it is planned for.
    pub schedule: Option<Schedule>,
    /// Who is invited.
    pub invite: Vec<Invitee>,
    /// Whether they get a mail.
    pub letters: bool,
    /// For links in letters.
    pub origin: String,
}

impl Create {
    /// As the core takes it.
    #[must_use]
    pub fn new_room(self) -> NewRoom {
        let Self { id, code, wanted } = self;
        let Wanted { title, kind, host_secret_hash, owner, schedule, invite, letters, origin } = wanted;
        NewRoom { id, code, title, kind, host_secret_hash, owner, schedule, invite, letters, origin }
    }
}

/// Body of `/seat`. Answered by [`SeatGranted`].
#[derive(Debug, Serialize, Deserialize)]
pub struct AskSeat {
    /// SHA-256 of the host secret that was shown, if any.
    pub host_secret_hash: Option<[u8; 32]>,
    /// Who is signed in.
    pub identity: Option<Identity>,
}

/// A seat may be given out.
#[derive(Debug, Serialize, Deserialize)]
pub struct SeatGranted {
    /// The meeting, with its code and without its link.
    pub details: RoomDetails,
    /// Whether its holder walks in, as things stand.
    pub admission: Admission,
    /// The host secret was right.
    pub host: bool,
}

/// A program's media session is open. Answer to `/stream`.
#[derive(Debug, Serialize, Deserialize)]
pub struct StreamOpened {
    /// Which session.
    pub epoch: u64,
    /// The region's answer.
    pub sdp: Sdp,
}

/// Body of `/events`. Answered by `null`.
#[derive(Debug, Serialize, Deserialize)]
pub struct RegionSays {
    /// Who speaks; it may, the Worker has checked.
    pub instance: InstanceId,
    /// What, oldest first.
    pub events: Vec<SessionEvent>,
}

/// Who opens a socket: the value of [`PERSON_HEADER`] as JSON in base64, because names are not ASCII.
#[derive(Debug, Serialize, Deserialize)]
pub struct Person {
    /// From the seat.
    pub participant: ParticipantId,
    /// From the seat.
    pub host: bool,
    /// From the seat.
    pub identity: Option<Identity>,
    /// From the seat.
    pub email: Option<EmailAddress>,
    /// Where the socket comes from, when that is known.
    pub location: Option<room::Coordinates>,
}

/// The rooms of this deployment.
///
/// # Errors
/// When the binding is missing.
pub fn rooms(env: &Env) -> Result<ObjectNamespace, Refusal> {
    Ok(env.durable_object("ROOM")?)
}

/// The id of a room's object.
///
/// # Errors
/// `internal` when the runtime's ids do not look as documented.
pub fn room_id(id: &ObjectId<'_>) -> Result<RoomId, Refusal> {
    id.to_string().parse().map_err(|error| Refusal::internal(&error))
}

/// The object of a room.
///
/// # Errors
/// `room_not_found` for what is not an id of ours.
pub fn by_id(env: &Env, id: &str) -> Result<(RoomId, Stub), Refusal> {
    let unknown = || Refusal::new(ErrorCode::RoomNotFound, title(ErrorCode::RoomNotFound));
    let room: RoomId = id.parse().map_err(|_| unknown())?;
    // Throws for what is not an id of this namespace.
    let stub = rooms(env)?.id_from_string(room.as_str()).map_err(|_| unknown())?.get_stub()?;
    Ok((room, stub))
}

/// Asks a meeting something.
///
/// # Errors
/// What the meeting refuses; `room_not_found` where there is none; `internal`.
pub async fn ask_question(env: &Env, room: &RoomId, question: &Question) -> Result<Answer, Refusal> {
    let (_, stub) = by_id(env, room.as_str())?;
    ask(&stub, Method::Post, "/ask", Some(question)).await
}

/// Why a meeting refuses, as one sentence.
#[must_use]
pub fn title(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::RoomNotFound => "There is no such meeting",
        ErrorCode::RoomEnded => "The meeting has ended",
        ErrorCode::RoomFull => "The meeting has as many people, or tokens of programs, as fit",
        ErrorCode::RoomLocked => "The meeting is locked",
        ErrorCode::NotInvited => "Only invited people may enter",
        ErrorCode::Banned => "You were removed from this meeting",
        ErrorCode::NotFound => "There is no such thing in the meeting",
        ErrorCode::Unauthorized => "The token is not good any more",
        ErrorCode::Forbidden => "Only who leads the meeting may do this",
        _ => "The meeting does not take this",
    }
}

/// The object of a room near this place. Only the very first call decides where it is.
///
/// # Errors
/// `internal`.
pub fn near(id: &ObjectId<'_>, place: Option<room::Coordinates>) -> Result<Stub, Refusal> {
    Ok(match place {
        Some(place) => id.get_stub_with_location_hint(location::object_hint(place))?,
        None => id.get_stub()?,
    })
}

/// Asks an object.
///
/// # Errors
/// The object's problem, or `internal`.
pub async fn ask<T: DeserializeOwned>(
    stub: &Stub,
    method: Method,
    path: &str,
    body: Option<&impl Serialize>,
) -> Result<T, Refusal> {
    let body = body.map(serde_json::to_string).transpose().map_err(|error| Refusal::internal(&error))?;
    let answer = exchange(stub, method, path, body).await?;
    json::parse(&answer).map_err(|error| Refusal::internal(&error))
}

/// JSON for JSON. Apart from [`ask`], so that there is only one of it for all types.
async fn exchange(stub: &Stub, method: Method, path: &str, body: Option<String>) -> Result<String, Refusal> {
    let request = outgoing::request(method, &address(path), &Headers::new(), body)?;
    let mut answer = stub.fetch_with_request(request).await?;
    read(&mut answer).await
}

/// Opens a socket at an object.
///
/// # Errors
/// The object's problem, or `internal`.
pub async fn open_socket(stub: &Stub, person: &Person) -> Result<Response, Refusal> {
    let person = serde_json::to_string(person).map_err(|error| Refusal::internal(&error))?;
    let person = STANDARD.encode(person);
    let headers = Headers::new();
    headers.set("upgrade", "websocket")?;
    headers.set(PERSON_HEADER, &person)?;
    let request = outgoing::request(Method::Get, &address("/connect"), &headers, None)?;
    let mut answer = stub.fetch_with_request(request).await?;
    if answer.status_code() == 101 {
        Ok(answer)
    } else {
        read(&mut answer).await.and(Err(Refusal::internal(&"no socket")))
    }
}

/// Who opens a socket, from the value of [`PERSON_HEADER`].
#[must_use]
pub fn person(header: &str) -> Option<Person> {
    let text = String::from_utf8(STANDARD.decode(header).ok()?).ok()?;
    json::parse(&text).ok()
}

/// What an object is asked.
///
/// # Errors
/// When the body is not of the type.
pub async fn asked<T: DeserializeOwned>(request: &mut Request) -> worker::Result<T> {
    Ok(json::parse(&request.text().await?)?)
}

/// An object's answer.
///
/// # Errors
/// When the value cannot be serialised.
pub fn respond<T: Serialize>(status: u16, value: &T) -> worker::Result<Response> {
    reply(status, serde_json::to_string(value)?)
}

/// Apart from [`respond`], so that there is only one of it for all types.
fn reply(status: u16, json: String) -> worker::Result<Response> {
    Ok(Response::ok(json)?.with_status(status))
}

async fn read(answer: &mut Response) -> Result<String, Refusal> {
    let text = answer.text().await?;
    if answer.status_code() == 200 {
        return Ok(text);
    }
    let problem: Problem = json::parse(&text).map_err(|error| Refusal::internal(&error))?;
    Err(problem.into())
}

fn address(path: &str) -> String {
    // The host never leaves Cloudflare; an address must have one.
    format!("https://object{path}")
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_person_travels_in_a_header_whatever_their_name_is() {
        let person = Person {
            participant: ParticipantId(Uuid::from_u128(1)),
            host: false,
            identity: Some(Identity {
                account: "a".repeat(64).parse().unwrap(),
                email: "zoe@example.org".parse().unwrap(),
                name: "Zoë 王".parse().unwrap(),
            }),
            email: None,
            location: None,
        };
        let header = STANDARD.encode(serde_json::to_string(&person).unwrap());
        assert!(header.is_ascii());
        assert_eq!(super::person(&header).unwrap().identity, person.identity);
        for bad in ["", "*", "e30=", "AAAA"] {
            assert!(super::person(bad).is_none(), "{bad}");
        }
    }
}
