import { Alert, Button, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconLinkOff } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { useNavigate } from "react-router";
import { call } from "../api/client";
import { ApiError } from "../api/error";
import { t } from "../i18n";
import { usePageTitle } from "../shared/Page";
import { EmptyState, ErrorState, Loading, sayError } from "../shared/states";
import { useSessionBegun, type Session } from "./session";
import { Entrance } from "./SignIn";

interface Link {
  email: string;
  name: string;
  first: boolean;
}

/** A one-time link: choose a password and be signed in. The token stands behind #, so no server log sees it. */
export function Component() {
  usePageTitle(t("signIn.setup"));
  const [token] = useState(() => location.hash.slice(1));
  const link = useQuery({
    queryKey: ["link", token],
    queryFn: ({ signal }) => call<Link>("POST", "/api/v1/session/link", { body: { token }, signal }),
    retry: false,
    staleTime: Infinity,
  });
  const gone = link.error instanceof ApiError && [404, 410, 422].includes(link.error.status);
  return (
    <Entrance>
      {link.isPending && <Loading height={200} />}
      {gone && <EmptyState icon={IconLinkOff} title={t("signIn.linkGone")} text={t("signIn.linkGoneText")} action={<Button component="a" href="/" variant="default">{t("signIn.title")}</Button>} />}
      {link.isError && !gone && <ErrorState error={link.error} onRetry={() => void link.refetch()} />}
      {link.data && <Redeem token={token} link={link.data} />}
    </Entrance>
  );
}

function Redeem({ token, link }: { token: string; link: Link }) {
  const navigate = useNavigate();
  const begun = useSessionBegun();
  const [email, setEmail] = useState(link.email);
  const [name, setName] = useState(link.name);
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const at = (place: string) => (error instanceof ApiError ? error.at(place) : undefined);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await begun(await call<Session>("POST", "/api/v1/session/redeem", { body: { token, password, ...(name ? { name } : {}), ...(link.first ? { email } : {}) } }));
      void navigate("/", { replace: true });
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }

  return (
    <form onSubmit={(e) => void submit(e)} noValidate>
      <Stack>
        <div>
          <Title order={2}>{t("signIn.setup")}</Title>
          <Text c="dimmed" mt={4}>
            {t("signIn.setupText")}
          </Text>
        </div>
        {error !== null && !at("/password") && !at("/email") && (
          <Alert color="red" role="alert">
            {sayError(error).text}
          </Alert>
        )}
        <TextInput label={t("signIn.email")} type="email" autoComplete="username" value={email} readOnly={!link.first} error={at("/email")} onChange={(e) => setEmail(e.currentTarget.value)} />
        <TextInput label={t("signIn.name")} autoComplete="name" value={name} error={at("/name")} onChange={(e) => setName(e.currentTarget.value)} />
        <PasswordInput label={t("signIn.newPassword")} description={t("signIn.passwordHint")} autoComplete="new-password" value={password} error={at("/password")} aria-invalid={Boolean(at("/password"))} onChange={(e) => setPassword(e.currentTarget.value)} />
        <Button type="submit" loading={busy} fullWidth mt="xs">
          {t("signIn.setupSubmit")}
        </Button>
      </Stack>
    </form>
  );
}
