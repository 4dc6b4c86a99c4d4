using System.Text.Json;
using Dataplane.Api;
using Dataplane.Control.Refusals;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon.Host;

/// <summary>Answers every failure with problem details. The log has what is of no use to the client.</summary>
internal sealed partial class ErrorResponses(ILogger log)
{
    public async Task Handle(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            if (http.Response.HasStarted)
            {
                FailedHalfWay(log, http.Request.Path, e);
                http.Abort();
                return;
            }
            var connection = http.Response.Headers.Connection;
            http.Response.Clear();
            http.Response.Headers.Connection = connection;
            await Write(http, Explain(http, e));
            return;
        }
        if (http.Response is { StatusCode: >= 400, HasStarted: false })
            await Write(http, Problems.OfStatus(http.Response.StatusCode));
    }

    private Problem Explain(HttpContext http, Exception exception)
    {
        switch (exception)
        {
            case ApiProblem known: return known.Problem;
            case RefusalException refusal: return Problems.Of(refusal);
            // A refusal by the server itself, such as "Request body too large".
            case BadHttpRequestException bad: return Problems.OfStatus(bad.StatusCode);
            default:
                Failed(log, http.Request.Method, http.Request.Path, exception);
                return Problems.OfStatus(StatusCodes.Status500InternalServerError);
        }
    }

    private static Task Write(HttpContext http, Problem problem)
    {
        http.Response.StatusCode = problem.Status;
        http.Response.ContentType = Problem.ContentType;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(problem, ApiJson.Default.Problem);
        http.Response.ContentLength = bytes.Length;
        if (HttpMethods.IsHead(http.Request.Method)) return Task.CompletedTask;
        return http.Response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }

    [LoggerMessage(200, LogLevel.Error, "{Method} {Path} failed")]
    private static partial void Failed(ILogger log, string method, string path, Exception exception);

    [LoggerMessage(201, LogLevel.Warning, "an answer of {Path} was broken off")]
    private static partial void FailedHalfWay(ILogger log, string path, Exception exception);
}
