"""What a new house starts with: one section for articles, and who may do what.

Runs once: what administrators change afterwards is theirs.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

SNIPPETS_WITH_DRAFTS = [
    "author",
    "reference",
    "location",
    "award",
    "affiliation",
    "category",
]
# Saving publishes these.
SNIPPETS_WITHOUT_DRAFTS = ["credentialtype", "tag"]


def make_section(apps: Any, schema_editor: Any) -> None:
    """Put a section in the place of Wagtail's welcome page, for all articles."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Page = apps.get_model("wagtailcore", "Page")
    Section = apps.get_model("content_models", "Section")
    Site = apps.get_model("wagtailcore", "Site")
    Locale = apps.get_model("wagtailcore", "Locale")

    welcome = Page.objects.filter(depth=2).first()
    if welcome is None or Page.objects.filter(depth__gt=1).count() > 1:
        # Somebody has been at work here already.
        return
    section_type, _ = ContentType.objects.get_or_create(
        app_label="content_models", model="section"
    )
    path, numchild = welcome.path, welcome.numchild
    Site.objects.all().delete()
    welcome.delete()
    section = Section.objects.create(
        title="Articles",
        draft_title="Articles",
        slug="content",
        content_type=section_type,
        path=path,
        depth=2,
        numchild=numchild,
        url_path="/content/",
        locale=Locale.objects.order_by("pk").first(),
    )
    Site.objects.create(
        hostname="localhost",
        root_page_id=section.pk,
        is_default_site=True,
        site_name="Clinicast",
    )


def make_roles(apps: Any, schema_editor: Any) -> None:
    """Give each role what it needs, and articles their way through medical review."""
    Group = apps.get_model("auth", "Group")
    # Wagtail's own, replaced by ours before anybody is in them.
    Group.objects.filter(name__in=["Moderators", "Editors"], user=None).delete()
    roles = {
        name: Group.objects.get_or_create(name=name)[0]
        for name in ("Writers", "Editors", "Medical reviewers", "Administrators")
    }
    writers, editors = roles["Writers"], roles["Editors"]
    reviewers, administrators = roles["Medical reviewers"], roles["Administrators"]

    everybody = list(roles.values())
    _allow(apps, everybody, "wagtailadmin", "admin", ["access_admin"])
    _allow_pages(apps, [writers, editors, administrators], ["add", "change"])
    _allow_pages(apps, [editors, administrators], ["publish", "lock", "unlock"])
    _allow_pages(apps, [administrators], ["bulk_delete"])
    _allow_files(apps, [writers, editors, administrators], ["add", "change"])
    _allow_files(apps, everybody, ["choose"])

    for model in SNIPPETS_WITH_DRAFTS:
        _allow_kind(apps, [writers], model, ["add", "change", "view"])
        _allow_kind(apps, [reviewers], model, ["view"])
        _allow_kind(
            apps,
            [editors, administrators],
            model,
            ["add", "change", "delete", "view", "publish", "lock", "unlock"],
        )
    for model in SNIPPETS_WITHOUT_DRAFTS:
        _allow_kind(apps, [writers, reviewers], model, ["view"])
        _allow_kind(
            apps,
            [editors, administrators],
            model,
            ["add", "change", "delete", "view"],
        )
    _allow_kind(apps, [administrators], "practice", ["change"])

    for model in ("site", "locale", "collection", "workflow", "task"):
        _allow(apps, [administrators], "wagtailcore", model, _basic(model))
    for label in ("user", "group"):
        _allow(apps, [administrators], "auth", label, _basic(label))

    writing = [writers, editors, administrators]
    translation = ("simple_translation", "simpletranslation")
    _allow(apps, writing, *translation, ["submit_translation"])

    _make_workflow(apps, [reviewers])


def _basic(model: str) -> list[str]:
    return [f"{action}_{model}" for action in ("add", "change", "delete")]


def _permission(apps: Any, label: str, model: str, codename: str) -> Any:
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    of, _ = ContentType.objects.get_or_create(app_label=label, model=model)
    # Django and Wagtail make what is missing when all migrations are through.
    permission, _ = Permission.objects.get_or_create(
        content_type=of,
        codename=codename,
        defaults={"name": f"Can {codename.replace('_', ' ')}"},
    )
    return permission


def _allow(
    apps: Any, groups: list[Any], label: str, model: str, codenames: list[str]
) -> None:
    permissions = [_permission(apps, label, model, name) for name in codenames]
    for group in groups:
        group.permissions.add(*permissions)


def _allow_kind(
    apps: Any, groups: list[Any], model: str, actions: list[str]
) -> None:
    codenames = [f"{action}_{model}" for action in actions]
    _allow(apps, groups, "content_models", model, codenames)


def _allow_pages(apps: Any, groups: list[Any], actions: list[str]) -> None:
    GroupPagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    root = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    for group in groups:
        for action in actions:
            GroupPagePermission.objects.get_or_create(
                group=group,
                page=root,
                permission=_permission(apps, "wagtailcore", "page", f"{action}_page"),
            )


def _allow_files(apps: Any, groups: list[Any], actions: list[str]) -> None:
    GroupCollectionPermission = apps.get_model(
        "wagtailcore", "GroupCollectionPermission"
    )
    root = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    for group in groups:
        for action in actions:
            for label, model in (
                ("wagtailimages", "image"),
                ("wagtaildocs", "document"),
            ):
                GroupCollectionPermission.objects.get_or_create(
                    group=group,
                    collection=root,
                    permission=_permission(apps, label, model, f"{action}_{model}"),
                )


def _make_workflow(apps: Any, groups: list[Any]) -> None:
    ContentType = apps.get_model("contenttypes", "ContentType")
    GroupApprovalTask = apps.get_model("wagtailcore", "GroupApprovalTask")
    Workflow = apps.get_model("wagtailcore", "Workflow")
    root = apps.get_model("wagtailcore", "Page").objects.get(depth=1)

    # Wagtail's own, which its own groups approved.
    apps.get_model("wagtailcore", "WorkflowPage").objects.filter(page=root).delete()
    Workflow.objects.filter(name="Moderators approval").delete()
    GroupApprovalTask.objects.filter(name="Moderators approval").delete()

    task_type, _ = ContentType.objects.get_or_create(
        app_label="wagtailcore", model="groupapprovaltask"
    )
    task = GroupApprovalTask.objects.create(
        name="Medical review", content_type=task_type, active=True
    )
    task.groups.set(groups)
    workflow = Workflow.objects.create(name="Medical review", active=True)
    apps.get_model("wagtailcore", "WorkflowTask").objects.create(
        workflow=workflow, task=task, sort_order=0
    )
    apps.get_model("wagtailcore", "WorkflowPage").objects.create(
        workflow=workflow, page=root
    )


class Migration(migrations.Migration):
    dependencies = [
        ("content_models", "0002_practice"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.RunPython(make_section, migrations.RunPython.noop),
        migrations.RunPython(make_roles, migrations.RunPython.noop),
    ]
