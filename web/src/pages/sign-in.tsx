/** Signing in, and where a provider's sign-in comes back to. */
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useEffect, useRef, useState } from "preact/hooks";
import { FormBody, TextField, useForm } from "../account/form";
import { addressProblem, explain } from "../account/form-errors";
import { type Fragment, useFragment } from "../account/fragment";
import { Frame } from "../account/frame";
import { takeReturn } from "../account/kept-return";
import { SendAgain } from "../account/mail-sent";
import { PasswordField } from "../account/password-field";
import { ProviderButtons } from "../account/providers";
import { ownPath } from "../account/return-path";
import { adoptSession, profileChanged, session, signedIn } from "../account/session";
import { linkProvider, resend } from "../api";
import type { Refused } from "../request";
import { words } from "../text";

export default function SignIn(): JSX.Element {
  const { query, route } = useLocation();
  const fragment = useFragment();
  // The way to a provider and back loses the query; what was kept then counts.
  const [kept] = useState(() => (fragment.kind === "none" ? null : takeReturn()));
  const back = ownPath(query.return ?? kept);
  const [adopting, setAdopting] = useState(fragment.kind === "done");
  const [failed, setFailed] = useState<string | null>(null);
  const linking = useRef(false);
  const state = session.value;

  useEffect(() => {
    if (fragment.kind !== "done") return;
    void adoptSession().then((there) => {
      setAdopting(false);
      if (!there) setFailed(words.account.providerFailed);
    });
  }, [fragment]);

  useEffect(() => {
    if (state.kind !== "in" || adopting || linking.current) return;
    if (fragment.kind !== "link") return route(back, true);
    linking.current = true;
    void linkProvider({ token: fragment.token }).then((answer) => {
      if (answer.ok) {
        profileChanged(answer.value);
        route(back, true);
      } else setFailed(words.account.linkFailed);
    });
  }, [state.kind, adopting, fragment]);

  if (failed !== null && state.kind === "in") {
    return (
      <Frame announce title={words.account.signInTitle} lead={failed}>
        <a class="button primary large wide" href={back}>
          {words.account.goHome}
        </a>
      </Frame>
    );
  }
  const waiting = adopting || state.kind === "in" || (state.kind === "unknown" && !state.unreachable);
  const notice = failed ?? noticeOf(fragment) ?? (state.kind === "out" ? farewell(state.why) : null);
  return <SignInForm back={back} notice={notice} waiting={waiting} />;
}

function SignInForm(props: { back: string; notice: string | null; waiting: boolean }): JSX.Element {
  const [unverified, setUnverified] = useState<string | null>(null);
  const form = useForm({
    labels: { email: words.account.email, password: words.account.password },
    check: ({ email, password }) => ({
      email: addressProblem(email),
      password: password === "" ? words.account.passwordMissing : null,
    }),
    send: async ({ email, password }) => {
      setUnverified(null);
      const answer = await signedIn({ email: email.trim(), password });
      if (answer.ok) return null;
      if (answer.code === "email_not_verified") setUnverified(email.trim());
      return answer;
    },
    explain: explainSignIn,
  });
  const signUp = props.back === "/home" ? "/signup" : `/signup?return=${encodeURIComponent(props.back)}`;
  return (
    <Frame
      title={words.account.signInTitle}
      foot={
        <>
          {words.account.noAccount}{" "}
          <a class="link" href={signUp}>
            {words.account.signUp}
          </a>
        </>
      }
    >
      {props.notice !== null && (
        <p class="banner" role="status">
          {props.notice}
        </p>
      )}
      <FormBody
        form={{ ...form, busy: form.busy || props.waiting }}
        submit={words.account.signInSubmit}
        remedy={
          unverified !== null && (
            <p>
              <SendAgain email={unverified} label={words.account.sendAgainLink} send={(email) => resend({ email })} />
            </p>
          )
        }
      >
        <TextField form={form} name="email" type="email" autocomplete="username" />
        <PasswordField form={form} name="password" />
        <a class="link forgot" href="/reset">
          {words.account.forgot}
        </a>
      </FormBody>
      <ProviderButtons back={props.back} />
    </Frame>
  );
}

function explainSignIn(refused: Refused) {
  const labels = { email: words.account.email, password: words.account.password };
  switch (refused.code) {
    case "invalid_credentials":
      return { fields: { password: words.account.wrongCredentials }, problem: null, wait: null };
    case "email_not_verified":
      return { fields: {}, problem: words.account.notVerified, wait: null };
    default:
      return explain(refused, labels);
  }
}

function noticeOf(fragment: Fragment): string | null {
  if (fragment.kind === "link") return words.account.linkNeeded;
  if (fragment.kind !== "error") return null;
  if (fragment.code === "cancelled") return words.account.providerDenied;
  return fragment.code === "unverified" ? words.account.providerUnverified : words.account.providerFailed;
}

function farewell(why: string): string | null {
  if (why === "deleted") return words.account.accountDeleted;
  return why === "ended" ? words.account.sessionOver : null;
}
