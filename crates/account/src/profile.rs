//! What the person changes about themselves, and that they go.

use protocol::{
    Millis,
    account::{ChangeProfile, Provider},
    error::ErrorCode,
    id::SessionId,
    rest::Relation,
};

use crate::{
    Account,
    interface::{Answer, Core, Record, Refusal},
    registration::connection,
};

impl Account {
    pub(crate) fn change_profile(&mut self, session: SessionId, change: ChangeProfile) -> Result<Answer, Refusal> {
        self.signed_in(session)?;
        let ChangeProfile { name, color, picture, locale } = change;
        if let Some(holder) = &mut self.core.holder {
            holder.name = name.unwrap_or_else(|| holder.name.clone());
            holder.color = color.unwrap_or_else(|| holder.color.clone());
            holder.picture = picture.unwrap_or_else(|| holder.picture.clone());
            holder.locale = locale.or_else(|| holder.locale.clone());
        }
        self.user().map(Answer::User)
    }

    pub(crate) fn link(
        &mut self,
        now: Millis,
        session: SessionId,
        provider: Provider,
        subject: String,
        origin: &str,
    ) -> Result<Answer, Refusal> {
        self.signed_in(session)?;
        let connected = connection(provider, subject)?;
        let Some(holder) = &mut self.core.holder else { return Err(ErrorCode::Unauthorized.into()) };
        if !holder.providers.contains(&connected) {
            holder.providers.retain(|(other, _)| *other != provider);
            holder.providers.push(connected);
            let what = match provider {
                Provider::Google => "An account at Google was connected; it can be used to sign in.",
                Provider::Github => "An account at GitHub was connected; it can be used to sign in.",
            };
            self.notice(now, what, origin);
        }
        self.user().map(Answer::User)
    }

    /// Everything personal goes at once; what others keep goes by errands, which carry all they need.
    pub(crate) fn delete(&mut self, now: Millis, session: SessionId) -> Result<Answer, Refusal> {
        self.signed_in(session)?;
        let Some(email) = self.core.email.clone() else { return Err(Refusal::INTERNAL) };
        for room in self.meetings.keys_where(|_| true) {
            let Some(meeting) = self.meetings.remove(&room) else { continue };
            self.leave(now, room, meeting.details.relation == Some(Relation::Owner), email.clone());
        }
        let all = self.sessions.keys_where(|_| true);
        self.sign_out(&all);
        let unsent = self.mails.remove_where(|_| true);
        self.queued.extend(unsent.into_iter().map(Record::MailGone));
        self.core = Core { next_entry: self.core.next_entry, ..Core::empty() };
        Ok(Answer::Done)
    }
}
