//! Who becomes the holder of the address: whoever proves it, by a mailed link or at a provider. The
//! answers are the same whether or not there is an account already.

use mail::Letter;
use protocol::{
    Millis,
    account::Provider,
    error::ErrorCode,
    text::{Color, DisplayName, EmailAddress},
};

use crate::{
    Account, PENDING,
    allowance::{NOTICES_PER_HOUR, RESETS_PER_HOUR, SIGN_UPS_PER_HOUR},
    interface::{Answer, Failures, Hidden, Holder, MailedToken, Pending, Random, Refusal},
    secret,
};

/// How long a verification link counts.
pub const VERIFICATION_MS: Millis = 24 * 3_600_000;
/// How long a reset link counts.
pub const RESET_MS: Millis = 3_600_000;

/// Longest id of a person at a provider (OpenID Connect Core §2).
const SUBJECT_BYTES: usize = 255;

/// Backgrounds for white initials, each with a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3).
const PALETTE: [&str; 12] = [
    "#b91c1c", "#c2410c", "#a16207", "#4d7c0f", "#15803d", "#0f766e", "#0e7490", "#0369a1", "#1d4ed8", "#4338ca",
    "#7e22ce", "#be185d",
];

/// What somebody signs up with.
pub(crate) struct SignUp {
    pub(crate) name: DisplayName,
    pub(crate) email: EmailAddress,
    pub(crate) password: Hidden,
}

/// What a provider says about somebody.
pub(crate) struct Proof {
    pub(crate) provider: Provider,
    pub(crate) subject: String,
    pub(crate) name: DisplayName,
    pub(crate) email: EmailAddress,
}

impl Account {
    pub(crate) fn register(
        &mut self,
        now: Millis,
        random: &Random,
        new: SignUp,
        origin: &str,
    ) -> Result<Answer, Refusal> {
        let SignUp { name, email, password } = new;
        // Before the hash, because that is what many sign-ups at once would hold the object with. A
        // sign-up whose link is not mailed is not kept either: it must not drive out one whose link was.
        if !self.core.spent.sign_ups.once_more(now, SIGN_UPS_PER_HOUR) {
            return Ok(Answer::Done);
        }
        let password_hash = self.passwords.hash(&password, &random.salt())?;
        let secret = random.secret();
        let token = MailedToken::new(&secret, now.saturating_add(VERIFICATION_MS));
        let letter = match &self.core.holder {
            // Kept all the same, so that its password is answered as for an unknown address; as its
            // secret goes nowhere, nobody proves anything with it.
            Some(holder) => Letter::AlreadyRegistered {
                name: holder.name.clone(),
                signin_link: format!("{origin}/signin"),
                reset_link: format!("{origin}/reset"),
            },
            None => {
                let link = secret::link(origin, "verify", &self.id, &secret);
                Letter::Verification { name: name.clone(), link }
            }
        };
        self.core.email = Some(email.clone());
        self.core.pending.push(Pending { name, password_hash, token });
        if self.core.pending.len() > PENDING {
            self.core.pending.remove(0);
        }
        self.mail(now, email, letter);
        Ok(Answer::Done)
    }

    pub(crate) fn verify(&mut self, now: Millis, secret: &str) -> Result<Answer, Refusal> {
        let proven = self.core.pending.iter().find(|pending| pending.token.is(now, secret)).cloned();
        let (None, Some(Pending { name, password_hash, .. })) = (&self.core.holder, proven) else {
            return Err(ErrorCode::InvalidToken.into());
        };
        self.found(now, name, Some(password_hash), Vec::new());
        self.address()
    }

    pub(crate) fn resend(&mut self, now: Millis, random: &Random, email: EmailAddress, origin: &str) -> Answer {
        let sign_ups = self.core.pending.len();
        if sign_ups == 0 || !self.core.spent.sign_ups.once_more(now, SIGN_UPS_PER_HOUR) {
            return Answer::Done;
        }
        let unknown = self.core.holder.is_none();
        if sign_ups > 1 {
            // Whose is whose nobody knows: whoever reads the mail chooses the password.
            if unknown {
                self.mail_reset(now, random, email, origin);
            }
        } else if let Some(sole) = self.core.pending.last_mut() {
            let secret = random.secret();
            sole.token = MailedToken::new(&secret, now.saturating_add(VERIFICATION_MS));
            // With an account it waits as long as without, and that is all.
            if unknown {
                let link = secret::link(origin, "verify", &self.id, &secret);
                let letter = Letter::Verification { name: sole.name.clone(), link };
                self.mail(now, email, letter);
            }
        }
        Answer::Done
    }

    pub(crate) fn forgot(&mut self, now: Millis, random: &Random, email: EmailAddress, origin: &str) -> Answer {
        // Whoever waits for a verification may have lost its mail: this link proves the address as well.
        if self.name().is_some() && self.core.spent.resets.once_more(now, RESETS_PER_HOUR) {
            self.mail_reset(now, random, email, origin);
        }
        Answer::Done
    }

    fn mail_reset(&mut self, now: Millis, random: &Random, email: EmailAddress, origin: &str) {
        let Some(name) = self.name() else { return };
        let secret = random.secret();
        self.core.reset = Some(MailedToken::new(&secret, now.saturating_add(RESET_MS)));
        let link = secret::link(origin, "reset", &self.id, &secret);
        self.mail(now, email, Letter::Reset { name, link });
    }

    pub(crate) fn reset(
        &mut self,
        now: Millis,
        random: &Random,
        secret: &str,
        password: &Hidden,
        origin: &str,
    ) -> Result<Answer, Refusal> {
        let good = self.core.reset.as_ref().is_some_and(|token| token.is(now, secret));
        let (true, Some(name)) = (good, self.name()) else {
            return Err(ErrorCode::InvalidToken.into());
        };
        let hash = self.passwords.hash(password, &random.salt())?;
        if let Some(holder) = &mut self.core.holder {
            holder.password_hash = Some(hash);
            self.core.pending.clear();
        } else {
            self.found(now, name, Some(hash), Vec::new());
        }
        self.core.reset = None;
        self.core.failures = Failures::default();
        let all = self.sessions.keys_where(|_| true);
        self.sign_out(&all);
        self.notice(now, "Your password was changed, and every device was signed out.", origin);
        self.address()
    }

    pub(crate) fn provided(
        &mut self,
        now: Millis,
        random: &Random,
        proof: Proof,
        device: String,
    ) -> Result<Answer, Refusal> {
        let Proof { provider, subject, name, email } = proof;
        let connected = connection(provider, subject)?;
        match &self.core.holder {
            Some(holder) if holder.providers.contains(&connected) => {}
            Some(_) => return Ok(Answer::ProofNeeded),
            None => {
                self.core.email = Some(email);
                self.found(now, name, None, vec![connected]);
            }
        }
        self.sign_in(now, random, device)
    }

    /// Says to the holder that something changed which they should have done themselves.
    pub(crate) fn notice(&mut self, now: Millis, what: &str, origin: &str) {
        let (Some(holder), Some(email)) = (&self.core.holder, &self.core.email) else { return };
        if self.core.spent.notices.once_more(now, NOTICES_PER_HOUR) {
            let letter = Letter::AccountChanged {
                name: holder.name.clone(),
                what: what.to_owned(),
                reset_link: format!("{origin}/reset"),
            };
            self.mail(now, email.clone(), letter);
        }
    }

    /// The address is proven: the account begins, and every other sign-up is over.
    fn found(
        &mut self,
        now: Millis,
        name: DisplayName,
        password_hash: Option<String>,
        providers: Vec<(Provider, String)>,
    ) {
        let Some(color) = self.color() else { return };
        let holder = Holder { name, password_hash, providers, color, picture: None, locale: None, created_at: now };
        self.core.holder = Some(holder);
        self.core.pending.clear();
    }

    /// What the person is called, or would be.
    fn name(&self) -> Option<DisplayName> {
        let holder = self.core.holder.as_ref().map(|holder| &holder.name);
        holder.or_else(|| self.core.pending.last().map(|pending| &pending.name)).cloned()
    }

    fn address(&self) -> Result<Answer, Refusal> {
        self.core.email.clone().map(Answer::Address).ok_or(Refusal::INTERNAL)
    }

    /// Always the same for an address.
    fn color(&self) -> Option<Color> {
        let email = self.core.email.as_ref()?;
        let [first, ..] = secret::hash(email.as_str());
        PALETTE.get(usize::from(first) % PALETTE.len())?.parse().ok()
    }
}

/// Somebody at a provider.
///
/// # Errors
/// `invalid_request` where the provider's word cannot be an id.
pub(crate) fn connection(provider: Provider, subject: String) -> Result<(Provider, String), Refusal> {
    let fits = (1..=SUBJECT_BYTES).contains(&subject.len());
    if fits { Ok((provider, subject)) } else { Err(ErrorCode::InvalidRequest.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (WCAG 2.2).
    fn luminance(color: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    #[test]
    fn white_initials_are_readable_on_every_colour() {
        for color in PALETTE {
            assert!(color.parse::<Color>().is_ok());
            let contrast = 1.05 / (luminance(color) + 0.05);
            assert!(contrast >= 4.5, "{color}: {contrast}");
        }
    }
}
