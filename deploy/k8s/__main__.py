"""Writes the manifests of the base, which are checked in: kustomize reads them as they are."""

from deploy.k8s.writing import FOLDER, written

if __name__ == "__main__":
    for name, text in written().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
