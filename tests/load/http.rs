//! A small HTTP/1.1 client on one kept-alive connection: little work per request, because it shares the machine with the server.

use anyhow::{Context, Result, bail};
use std::io;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// What came back.
pub struct Reply {
    pub status: u16,
    pub location: Option<String>,
    /// `name=value` of each cookie set.
    pub cookies: Vec<String>,
    /// The body as sent, possibly compressed.
    pub body: Vec<u8>,
}

impl Reply {
    /// The value of a cookie that was set.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let of = |pair: &'_ String| pair.split_once('=').is_some_and(|(key, _)| key == name);
        let pair = self.cookies.iter().find(|pair| of(pair))?;
        pair.split_once('=').map(|(_, value)| value)
    }
}

/// One connection to one server.
pub struct Connection {
    stream: TcpStream,
    host: String,
    read: Vec<u8>,
}

impl Connection {
    pub async fn open(host: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(host).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            host: host.to_owned(),
            read: Vec::with_capacity(16 * 1024),
        })
    }

    pub async fn get(&mut self, path: &str, cookie: &str) -> Result<Reply> {
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\nAccept-Encoding: gzip\r\n\r\n",
            self.host
        );
        self.ask(head.as_bytes()).await
    }

    pub async fn post(&mut self, path: &str, cookie: &str, form: &str) -> Result<Reply> {
        let host = &self.host;
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {cookie}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        );
        self.ask(request.as_bytes()).await
    }

    async fn ask(&mut self, request: &[u8]) -> Result<Reply> {
        self.stream.write_all(request).await?;
        self.read.clear();
        let end = loop {
            if let Some(end) = find(&self.read, b"\r\n\r\n") {
                break end;
            }
            self.more().await?;
        };
        let head = std::str::from_utf8(self.read.get(..end).context("head")?)?.to_owned();
        self.read.drain(..end + 4);
        let (mut reply, length) = read_head(&head)?;
        reply.body = match length {
            Length::Bytes(bytes) => self.take(bytes).await?,
            Length::Chunks => self.chunks().await?,
        };
        Ok(reply)
    }

    async fn more(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.read).await? == 0 {
            bail!(io::Error::from(io::ErrorKind::UnexpectedEof));
        }
        Ok(())
    }

    async fn take(&mut self, bytes: usize) -> Result<Vec<u8>> {
        while self.read.len() < bytes {
            self.more().await?;
        }
        Ok(self.read.drain(..bytes).collect())
    }

    async fn chunks(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let end = loop {
                if let Some(end) = find(&self.read, b"\r\n") {
                    break end;
                }
                self.more().await?;
            };
            let line = self.take(end + 2).await?;
            let size = usize::from_str_radix(std::str::from_utf8(&line)?.trim(), 16)?;
            let chunk = self.take(size + 2).await?;
            if size == 0 {
                return Ok(body);
            }
            body.extend_from_slice(chunk.get(..size).context("chunk")?);
        }
    }
}

enum Length {
    Bytes(usize),
    Chunks,
}

fn read_head(head: &str) -> Result<(Reply, Length)> {
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    let mut reply = Reply {
        status: status.context("status line")?.parse()?,
        location: None,
        cookies: Vec::new(),
        body: Vec::new(),
    };
    let mut length = Length::Bytes(0);
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = Length::Bytes(value.parse()?),
            "transfer-encoding" => length = Length::Chunks,
            "location" => reply.location = Some(value.to_owned()),
            "set-cookie" => {
                let pair = value.split(';').next().unwrap_or_default();
                reply.cookies.push(pair.to_owned());
            }
            _ => {}
        }
    }
    Ok((reply, length))
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}
