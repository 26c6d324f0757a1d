// Short messages at the edge of the screen. Errors stay until they are closed.
import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { t } from "../i18n";
import { sayError } from "./states";

const closing = () => ({ closeButtonProps: { "aria-label": t("do.dismiss") } });

export function notifyDone(message: string) {
  notifications.show({ ...closing(), message, color: "spruce", icon: <IconCheck size={18} aria-hidden />, autoClose: 4000, role: "status" });
}

export function notifyError(error: unknown) {
  const said = sayError(error);
  notifications.show({ ...closing(), title: said.title, message: said.text, color: "red", icon: <IconAlertTriangle size={18} aria-hidden />, autoClose: false, role: "alert" });
}

const grace = 7000;

/** Says what was done and offers to undo it. */
export function notifyUndo(message: string, undo: () => void, onClose?: () => void) {
  const id = notifications.show({
    ...closing(),
    autoClose: grace,
    color: "gray",
    role: "status",
    onClose,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button
          size="compact-sm"
          variant="light"
          onClick={() => {
            undo();
            notifications.hide(id);
          }}
        >
          {t("do.undo")}
        </Button>
      </Group>
    ),
  });
}
