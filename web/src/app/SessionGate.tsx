import { Center, Modal, Stack, Text } from "@mantine/core";
import { Outlet } from "react-router";
import { t } from "../i18n";
import { ErrorState, Loading } from "../shared/states";
import { hadSession, useSessionQuery } from "./session";
import { SignInForm, SignInScreen } from "./SignIn";

/** Lets signed-in users through. When a session ends, what they see stays, behind a sign-in. */
export function SessionGate() {
  const session = useSessionQuery();
  if (session.isPending) return <Loading height="100vh" />;
  if (session.isError && !hadSession())
    return (
      <Center mih="100vh">
        <ErrorState error={session.error} onRetry={() => session.refetch()} />
      </Center>
    );
  const expired = session.data === null;
  if (expired && !hadSession()) return <SignInScreen />;
  return (
    <>
      <Outlet />
      <Modal opened={expired} onClose={() => {}} withCloseButton={false} closeOnEscape={false} closeOnClickOutside={false} title={t("signIn.expired")} size="sm" zIndex={1000}>
        <Stack>
          <Text c="dimmed">{t("signIn.expiredText")}</Text>
          <SignInForm />
        </Stack>
      </Modal>
    </>
  );
}
