"""How gunicorn serves the site: some processes a core, behind a proxy that ends TLS."""

import multiprocessing
import os

# A unix socket, or a port of this machine alone: LISTEN=127.0.0.1:8000.
bind = os.environ.get("LISTEN", "unix:/run/bordersec/site.sock")
umask = 0o007  # the proxy is in the group of the site
workers = int(os.environ.get("PROCESSES") or 2 * multiprocessing.cpu_count() + 1)
timeout = 60  # seconds; the longest answers are streamed, and imports have a worker
graceful_timeout = 30
keepalive = 5
max_requests = 10_000  # then a process begins anew
max_requests_jitter = 1_000
control_socket_disable = True  # systemd starts, stops and reloads it
worker_tmp_dir = "/dev/shm"  # noqa: S108  a file of gunicorn's own: no disk makes it wait
# Who asks is found in X-Forwarded-For by the site, as TRUSTED_PROXIES says.
forwarded_allow_ips = "*"


def child_exit(server, worker):
    """Takes a process that has ended out of what is being measured."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)
