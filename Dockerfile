# The image of web, worker and beat.
FROM python:3.12-slim AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements.lock .
RUN /venv/bin/pip install --require-hashes -r requirements.lock

FROM python:3.12-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=helpdesk.settings DATA_DIR=/var/lib/helpdesk
RUN useradd --uid 1000 --no-create-home --shell /usr/sbin/nologin helpdesk \
    && install -d -o helpdesk -g helpdesk /var/lib/helpdesk
COPY --from=packages /venv /venv
WORKDIR /srv/helpdesk
COPY . .
RUN python -m compileall -q .
USER helpdesk
VOLUME /var/lib/helpdesk
EXPOSE 8000
# Open streams of live pages would hold the server for ever: it gives them ten seconds.
CMD ["granian", "--interface", "asginl", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--no-ws", \
     "--workers-kill-timeout", "10", "helpdesk.asgi:application"]
