# One file for amd64 and arm64: nothing in it depends on the machine.
ARG BASE=python:3.13-slim

FROM ${BASE} AS build
# EXTRA=moto: an image for `serve --with-moto`.
ARG EXTRA=
WORKDIR /source
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY pinpoint_sms_emu pinpoint_sms_emu
RUN python -m venv --without-pip /app \
    && pip wheel --no-cache-dir --no-deps --wheel-dir /wheels . \
    && pip --python /app/bin/python install --no-cache-dir --constraint constraints.txt \
        "$(echo /wheels/*.whl)${EXTRA:+[$EXTRA]}"
# Of botocore stays what describes this service and those that events and media go to, or all for
# moto; of phonenumbers all but the names of places.
RUN site=$(/app/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))') \
    && keep=${EXTRA:+*} \
    && find "$site/botocore/data" -mindepth 1 -maxdepth 1 -type d \
        ! -name pinpoint-sms-voice-v2 ! -name sns ! -name firehose ! -name logs ! -name events \
        ! -name s3 ! -name sts ! -name "$keep" -exec rm -r {} + \
    && rm -rf "$site/phonenumbers/geodata" "$site/phonenumbers/tzdata" \
    && mkdir /data

FROM ${BASE}
COPY --from=build /app /app
# For a volume, should PINPOINT_SMS_EMU_DATA_DIR be /data; nothing else is ever written.
COPY --from=build --chown=10001:10001 /data /data
ENV PATH=/app/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PINPOINT_SMS_EMU_HOST=0.0.0.0 \
    PINPOINT_SMS_EMU_PORT=7670
USER 10001:10001
EXPOSE 7670
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["pinpoint-sms-emu", "health"]
ENTRYPOINT ["pinpoint-sms-emu"]
CMD ["serve"]
