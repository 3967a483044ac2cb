using AX2Caption.Api.Requests;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace AX2Caption.Api.Limits;

/// <summary>
/// Counts the bodies of requests in the server's place. The server reads on for some seconds what was refused, so that the answer arrives
/// whoever is still sending; but what is over its own limit it does not. It hangs up, the connection is reset, and the answer may be lost on
/// its way: the client sees a broken connection, or the 502 of its proxy.
/// </summary>
internal static class BodyLimit
{
    /// <summary>Goes after routing, which tells the server the limits of single endpoints. Nobody reads a body before.</summary>
    public static void UseBodyLimit(this WebApplication app)
    {
        var ofMost = app.Services.GetRequiredService<IOptions<LimitOptions>>().Value.MaximumBodyBytes;
        app.Use((context, next) =>
        {
            var server = context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>();
            var request = context.Request;
            request.Body = new LimitedBody(request.Body, request.ContentLength, server.MaxRequestBodySize ?? ofMost);
            server.MaxRequestBodySize = null;
            return next(context);
        });
    }

    private sealed class LimitedBody(Stream body, long? announced, long limit) : BodyStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (announced > limit)
                throw TooLarge();
            var read = await body.ReadAsync(buffer, cancellationToken);
            Count += read;
            return Count <= limit ? read : throw TooLarge();
        }

        private BadHttpRequestException TooLarge() => new($"The body is larger than {limit} bytes.", StatusCodes.Status413PayloadTooLarge);
    }
}
