/** Signing in with another service's account, where this server offers it. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { providers as offered } from "../api";
import type { Provider } from "../protocol";
import { words } from "../text";

/** Where to go on after the way there and back; as long as the tab. */
const RETURN = "meridian.return";

export function useProviders(): readonly Provider[] {
  const [providers, setProviders] = useState<readonly Provider[]>([]);
  useEffect(() => {
    let gone = false;
    void offered().then((answer) => {
      if (answer.ok && !gone) setProviders(answer.value.providers);
    });
    return () => {
      gone = true;
    };
  }, []);
  return providers;
}

/** Leaves for the provider's page. */
export function goToProvider(provider: Provider, back: string): void {
  try {
    sessionStorage.setItem(RETURN, back);
  } catch {
    // Then it leads home.
  }
  location.assign(`/api/auth/oauth/${provider}`);
}

/** The path that was kept on the way out; once. */
export function takeReturn(): string | null {
  try {
    const kept = sessionStorage.getItem(RETURN);
    sessionStorage.removeItem(RETURN);
    return kept;
  } catch {
    return null;
  }
}

export function ProviderButtons({ back }: { back: string }): JSX.Element | null {
  const providers = useProviders();
  if (providers.length === 0) return null;
  return (
    <div class="providers">
      <p class="or">
        <span>{words.account.or}</span>
      </p>
      {providers.map((provider) => (
        <button key={provider} type="button" class="button large wide" onClick={() => goToProvider(provider, back)}>
          {words.account.continueWith(provider)}
        </button>
      ))}
    </div>
  );
}
