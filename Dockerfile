# One image for web, worker, beat and the preparation: docker-compose.yml gives each its command.
FROM python:3.11-slim-bookworm AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/requirements.txt
RUN /opt/venv/bin/pip install --require-hashes -r /tmp/requirements.txt

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fonts-dejavu-core libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --home-dir /srv/convergence --shell /usr/sbin/nologin convergence \
    && install -d -o convergence -g convergence /var/lib/convergence /srv/convergence/staticfiles
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/convergence
COPY . .
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=convergence.settings \
    DATA_DIR=/var/lib/convergence \
    STATIC_ROOT=/srv/convergence/staticfiles
# The two obligatory variables, for the time of this step: collecting reads neither.
RUN SECRET_KEY=build DATABASE_URL=sqlite://:memory: python manage.py collectstatic --no-input --verbosity 0
USER convergence
VOLUME /var/lib/convergence
EXPOSE 8000
ENV PORT=8000
CMD ["gunicorn", "--config", "python:convergence.gunicorn"]
