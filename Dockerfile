# The service, page included. Build: docker build -t drawn-digits .

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
COPY requirements requirements
# Outside /venv is what only builds; packing the page needs some of what serves, too.
RUN python -m venv /venv \
 && /venv/bin/pip install --require-hashes -r requirements/serve.txt \
 && pip install --require-hashes -r requirements/serve.txt -r requirements/build.txt
COPY pyproject.toml hatch_build.py README.md LICENSE CHANGELOG.md ./
COPY frontend frontend
COPY src src
# The page's own build tools come from package-lock.json, with checksums.
RUN pip wheel --no-deps --no-build-isolation --wheel-dir wheels . \
 && /venv/bin/pip install --no-deps wheels/*.whl \
 && /venv/bin/pip uninstall --yes pip

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Drawn Digits" org.opencontainers.image.licenses="MIT"
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin digits
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PORT=8000
USER 10001
EXPOSE 8000
# A number of MB in /tmp is all that is written: counts for /metrics, and Gunicorn's signs of life.
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as r; e = os.environ; r.urlopen(f'http://127.0.0.1:{e.get(\"DRAWN_DIGITS_PORT\") or e[\"PORT\"]}/readyz', timeout=2)"]
CMD ["drawn-digits", "serve", "--host", "0.0.0.0"]
