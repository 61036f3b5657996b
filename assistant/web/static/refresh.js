// While something is at work the page is loaded again every few seconds.
setTimeout(() => location.replace(location.pathname), 4000);
