# One image for web and worker; they differ in their command:
#
#     docker run --env-file clinicast.env -p 8000:8000 clinicast
#     docker run --env-file clinicast.env clinicast python manage.py worker
#     docker run --env-file clinicast.env clinicast python manage.py migrate
#
# `python manage.py variables` lists what the environment has to say. A volume for
# /data keeps uploads.

FROM python:3.11-slim AS packages
COPY requirements.txt .
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.11-slim
RUN useradd --system --create-home clinicast \
    && install -d -o clinicast -g clinicast /data
COPY --from=packages /venv /venv
COPY . /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    CLINICAST_DATA_DIR=/data \
    WEB_WORKERS=2

# Any address but this machine's makes static files those of production; none of these
# values stays in the image.
RUN PUBLIC_BASE_URL=https://build.invalid \
    SECRET_KEY=only-for-collecting-static-files-0123456789-abcdef-xyz \
    DATABASE_URL=postgres://none/none \
    python manage.py collectstatic --noinput --verbosity 0

USER clinicast
VOLUME /data
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health')"]
# Threads only take turns, but a client that sends its form slowly holds up nobody.
CMD ["sh", "-c", "exec granian --interface wsgi --host 0.0.0.0 --port 8000 --no-ws --workers $WEB_WORKERS --blocking-threads 8 --respawn-failed-workers cms.wsgi:application"]
