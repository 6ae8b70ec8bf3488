# fixer for a CI that has no Python: docker build -t fixer . && docker run --rm -v "$PWD:/talks" fixer check .
FROM python:3.12-slim AS build
COPY . /source
RUN python -m pip wheel --no-cache-dir --wheel-dir /wheels /source

FROM python:3.12-slim
COPY --from=build /wheels /wheels
RUN python -m pip install --no-cache-dir --no-index --find-links=/wheels fixer \
    && rm -r /wheels \
    && useradd --create-home fixer
# a checkout belongs to whoever runs the container: docker run --user "$(id -u):$(id -g)"
ENV FIXER_CACHE_DIR=/tmp/fixer/cache FIXER_STATE_DIR=/tmp/fixer/state FIXER_CONFIG_DIR=/tmp/fixer/config \
    PYTHONDONTWRITEBYTECODE=1 PYTHONUTF8=1
USER fixer
WORKDIR /talks
ENTRYPOINT ["fixer"]
CMD ["--help"]
