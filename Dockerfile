# Web, workers and the private PostgreSQL in one image; docs/deploy.md says how to run it.
# Debian 12 throughout, because the shim is linked to its LibTorch 1.13; Microsoft's images of .NET 10 have other bases, so only the
# folder with .NET is taken from them.
FROM debian:12-slim AS build
COPY --from=mcr.microsoft.com/dotnet/sdk:10.0 /usr/share/dotnet /usr/share/dotnet
ENV PATH=$PATH:/usr/share/dotnet DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 NuGetAudit=false
RUN apt-get -q update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
      ca-certificates g++ cmake make libtorch-dev libopenblas0-openmp nodejs npm \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# The shim first: it changes least and compiles longest.
COPY build/native.sh build/
COPY src/SparseRobust.Torch/native src/SparseRobust.Torch/native/
RUN bash build/native.sh
COPY . .
RUN dotnet publish src/SparseRobust.Web -c Release --nologo -v quiet -o /app

FROM debian:12-slim
COPY --from=mcr.microsoft.com/dotnet/aspnet:10.0 /usr/share/dotnet /usr/share/dotnet
# No cluster of Debian's own: the server makes its private one under the storage folder.
RUN mkdir -p /etc/postgresql-common && echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf \
 && apt-get -q update \
 && DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 apt-get install -q -y --no-install-recommends \
      ca-certificates curl libssl3 libtorch1.13 libopenblas0-openmp postgresql-15 tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --create-home --home-dir /home/sparserobust sparserobust \
 && install -d -o sparserobust /data
ENV PATH=$PATH:/usr/share/dotnet DOTNET_NOLOGO=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
COPY --from=build /app /app
USER sparserobust
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s CMD ["curl", "-fsS", "-o", "/dev/null", "http://localhost:8080/health/ready"]
# The web role starts and watches the workers. --listen 0.0.0.0 is refused without SPARSEROBUST_ADMIN_KEY or SPARSEROBUST_ADMIN_KEY_FILE.
ENTRYPOINT ["dotnet", "/app/SparseRobust.Web.dll", "--listen", "0.0.0.0", "--port", "8080", "--storage", "/data"]
