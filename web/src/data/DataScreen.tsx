import { lazy, Suspense } from "react";
import { Navigate, useParams } from "react-router";
import { useMay } from "../app/session";
import { t } from "../i18n";
import { Page } from "../shared/Page";
import { Sections } from "../shared/Sections";
import { Loading } from "../shared/states";
import { Definitions } from "./Definitions";
import { kinds, type Kind } from "./kinds";

const Import = lazy(() => import("./import/Import"));

/** What is known about contacts: definitions, and the import. */
export function Component() {
  const { "*": section = "" } = useParams();
  const [area, id = ""] = section.split("/");
  const editor = useMay("editor");
  const isKind = (kinds as readonly string[]).includes(section);
  if (!isKind && area !== "import") return <Navigate to="/data/fields" replace />;
  const items = [...kinds.map((k) => ({ to: `/data/${k}`, label: t(`data.${k}`) })), ...(editor ? [{ to: "/data/import", label: t("data.import"), deep: true }] : [])];
  return (
    <Page title={t("data.title")} tabTitle={`${t(isKind ? `data.${section as Kind}` : "data.import")} · ${t("data.title")}`} text={t("data.text")}>
      <Sections label={t("data.sections")} items={items} />
      {isKind ? (
        <Definitions key={section} kind={section as Kind} />
      ) : (
        <Suspense fallback={<Loading />}>
          <Import id={id} />
        </Suspense>
      )}
    </Page>
  );
}
